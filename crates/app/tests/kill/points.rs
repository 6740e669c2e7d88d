//! When to kill: points drawn over the measured length of a run, one from each of as many equal parts.

use std::time::Duration;

use crate::books::Standing;

/// Draws points in time; the same ones for the same seed and length.
pub(crate) struct Points {
    length: Duration,
    parts: usize,
    drawn: usize,
    random: u64,
}

impl Points {
    /// Points over that length, the first `parts` of them one from each part.
    pub(crate) fn over(length: Duration, parts: usize, seed: u64) -> Self {
        Self { length, parts, drawn: 0, random: seed }
    }

    /// The next point.
    pub(crate) fn draw(&mut self) -> Duration {
        let share = if self.drawn < self.parts {
            // Early and late parts take turns, so that a length that is wrong is noticed soon.
            let part = (self.drawn * 7) % self.parts;
            (part as f64 + self.fraction()) / self.parts as f64
        } else {
            0.2 + 0.6 * self.fraction()
        };
        self.drawn += 1;
        self.length.mul_f64(share)
    }

    /// Hears what a point led to. The load of a machine changes: a run that was finished by then is shorter than
    /// was measured, one that had not finished anybody in a third of its length is longer.
    pub(crate) fn landed(&mut self, after: Duration, kill: &Standing) {
        if kill.finished == kill.total {
            self.length = self.length.min(after);
        } else if kill.finished == 0 && after * 3 > self.length {
            self.length = self.length.mul_f64(1.5);
        }
    }

    /// A number from 0 to 1 (SplitMix64).
    fn fraction(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}
