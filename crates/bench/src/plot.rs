//! Draws the figures of `docs/performance.md`: bars, a group for each thing that was measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::Deserialize;

const SIZE: (u32, u32) = (860, 380);
/// How wide all bars of a group are together; the rest parts it from the next.
const GROUP: f64 = 0.8;
const COLORS: [RGBColor; 4] =
    [RGBColor(38, 84, 124), RGBColor(239, 142, 60), RGBColor(120, 160, 130), RGBColor(150, 150, 160)];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder that holds figures.json, and where the pictures are put.
    #[arg(long, default_value = "docs/performance")]
    folder: PathBuf,
}

/// A picture, as figures.json has it.
#[derive(Deserialize)]
struct Plot {
    /// Its file, without the ending.
    name: String,
    title: String,
    /// What is measured, in what unit.
    axis: String,
    groups: Vec<String>,
    series: Vec<Series>,
}

/// Bars of one colour, one in each group.
#[derive(Deserialize)]
struct Series {
    name: String,
    values: Vec<f64>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    for plot in plots(&arguments.folder)? {
        fs::write(arguments.folder.join(format!("{}.svg", plot.name)), plot.draw()?)?;
    }
    Ok(())
}

fn plots(folder: &Path) -> anyhow::Result<Vec<Plot>> {
    let path = folder.join("figures.json");
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

impl Plot {
    fn draw(&self) -> anyhow::Result<String> {
        let mut picture = String::new();
        self.draw_on(SVGBackend::with_string(&mut picture, SIZE))
            .map_err(|error| anyhow!("{} cannot be drawn: {error}", self.name))?;
        picture.push('\n');
        Ok(picture)
    }

    fn draw_on(&self, backend: SVGBackend<'_>) -> Result<(), Box<dyn std::error::Error>> {
        let area = backend.into_drawing_area();
        area.fill(&WHITE)?;
        let highest = self.series.iter().flat_map(|series| &series.values).copied().fold(0.0, f64::max);
        let mut chart = ChartBuilder::on(&area)
            .caption(&self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(34)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..self.groups.len() as f64, 0.0..highest * 1.25)?;
        chart.configure_mesh().disable_x_mesh().x_labels(0).y_desc(&self.axis).draw()?;

        let width = GROUP / self.series.len() as f64;
        let small = ("sans-serif", 12).into_font().color(&BLACK);
        let above = small.pos(Pos::new(HPos::Center, VPos::Bottom));
        for ((place, series), color) in self.series.iter().enumerate().zip(COLORS.iter().cycle()) {
            let left = |group: usize| group as f64 + (1.0 - GROUP) / 2.0 + place as f64 * width;
            let bars = series.values.iter().enumerate().map(|(group, value)| {
                Rectangle::new([(left(group), 0.0), (left(group) + width * 0.94, *value)], color.filled())
            });
            chart
                .draw_series(bars)?
                .label(&series.name)
                .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], color.filled()));
            chart.draw_series(series.values.iter().enumerate().map(|(group, value)| {
                let text = if *value >= 100.0 { format!("{value:.0}") } else { format!("{value}") };
                Text::new(text, (left(group) + width * 0.47, *value), above.clone())
            }))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        let below = ("sans-serif", 13).into_font().color(&BLACK).pos(Pos::new(HPos::Center, VPos::Top));
        for (group, name) in self.groups.iter().enumerate() {
            let (x, y) = chart.backend_coord(&(group as f64 + 0.5, 0.0));
            area.draw(&Text::new(name.as_str(), (x, y + 10), below.clone()))?;
        }
        area.present()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_in_the_docs_are_those_of_the_figures() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/performance");
        let plots = plots(&folder).unwrap();
        assert!(!plots.is_empty());
        for plot in plots {
            assert!(
                plot.series.iter().all(|series| series.values.len() == plot.groups.len()),
                "{}",
                plot.name
            );
            let there = fs::read_to_string(folder.join(format!("{}.svg", plot.name))).unwrap();
            assert!(there == plot.draw().unwrap(), "{} is stale: run `tenure-bench plot`", plot.name);
        }
    }
}
