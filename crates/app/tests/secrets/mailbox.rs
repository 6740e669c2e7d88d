//! A mail server that repeats in its replies whatever it was told, the way careless ones do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail server on 127.0.0.1. It turns the first one who signs in away, puts off the first mail, and
/// the first with a pass, to somebody whose name begins with `slow`, and refuses every mail to somebody whose name begins with `refused`.
pub(crate) struct Mailbox {
    pub(crate) port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

#[derive(Default)]
struct Seen {
    sign_ins: usize,
    /// Mails without a pass, and with one.
    put_off: Vec<bool>,
}

impl Mailbox {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, seen) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Seen>>::default());
        let kept = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, seen) = (kept.clone(), seen.clone());
                thread::spawn(move || converse(&stream, &kept, &seen));
            }
        });
        Self { port, heard }
    }

    /// How somebody signed in, and the mails that were handed over, whether they were taken or not.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// One connection; ends when the other side goes.
fn converse(mut stream: &TcpStream, kept: &Mutex<Vec<String>>, seen: &Mutex<Seen>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).ok();
    let (mut recipient, mut password) = (String::new(), String::new());
    say("220 mailbox ready")?;
    loop {
        let said = line()?;
        let command = said.to_ascii_uppercase();
        if command.starts_with("EHLO") {
            say("250-mailbox")?;
            say("250-8BITMIME")?;
            say("250 AUTH PLAIN")?;
        } else if let Some(encoded) = said.strip_prefix("AUTH PLAIN ") {
            kept.lock().unwrap().push(said.clone());
            let decoded = STANDARD.decode(encoded).unwrap();
            password = String::from_utf8_lossy(decoded.rsplit(|byte| *byte == 0).next()?).into_owned();
            let mut seen = seen.lock().unwrap();
            seen.sign_ins += 1;
            let is_first = seen.sign_ins == 1;
            drop(seen);
            if is_first {
                say(&format!("535 5.7.8 {encoded} is not good, nor is {password}"))?;
            } else {
                say("235 2.7.0 welcome")?;
            }
        } else if command.starts_with("RCPT") {
            said.split_once('<')?.1.clone_into(&mut recipient);
            say("250 2.1.5 fine")?;
        } else if command == "DATA" {
            say("354 go on")?;
            let mut mail = String::new();
            loop {
                let text = line()?;
                if text == "." {
                    break;
                }
                mail.push_str(&text);
                mail.push('\n');
            }
            let quoted = passes(&mail);
            kept.lock().unwrap().push(mail);
            let mut seen = seen.lock().unwrap();
            let again = recipient.starts_with("slow") && !seen.put_off.contains(&quoted.is_empty());
            seen.put_off.extend(again.then_some(quoted.is_empty()));
            drop(seen);
            // One thing at a time: each has to be recognised by itself.
            let repeated = if quoted.is_empty() { password.clone() } else { quoted.join(" ") };
            if again {
                say(&format!("451 4.7.1 come back later with {repeated}"))?;
            } else if recipient.starts_with("refused") {
                say(&format!("554 5.7.1 looks like spam: {repeated}"))?;
            } else {
                say("250 2.0.0 taken")?;
            }
        } else if command == "QUIT" {
            return say("221 bye");
        } else {
            say("250 2.0.0 fine")?;
        }
    }
}

/// The passes in a mail whose text holds `[[pass]]`.
pub(crate) fn passes(mail: &str) -> Vec<String> {
    let unfolded = mail.replace("=\n", "");
    let mut passes: Vec<String> = unfolded
        .split("[[")
        .skip(1)
        .filter_map(|rest| rest.split_once("]]").map(|(pass, _)| pass.to_owned()))
        .collect();
    passes.dedup();
    passes
}
