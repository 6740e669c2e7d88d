//! An endpoint that writes down what arrives and answers as it is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

/// Longest wait for a call.
const PATIENCE: Duration = Duration::from_mins(1);

/// An endpoint on 127.0.0.1. Its threads end with the test.
pub(crate) struct Endpoint {
    port: u16,
    book: Arc<Book>,
}

#[derive(Default)]
struct Book {
    calls: Mutex<Vec<Heard>>,
    written: Condvar,
}

/// A call as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// `POST /path?query HTTP/1.1`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Heard {
    /// The header of this name; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// The body.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Where the call is answered later, with the version before it.
    pub(crate) fn callback(&self) -> String {
        format!("/v1.0{}", self.json()["data"]["callbackUriPath"].as_str().unwrap())
    }

    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            line.strip_suffix("\r\n").map(str::to_owned)
        };
        let first = line()?;
        let mut headers = Vec::new();
        loop {
            let line = line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut heard = Self { line: first, headers, body: String::new() };
        let length = heard.header("content-length").parse().ok()?;
        reader.take(length).read_to_string(&mut heard.body).ok()?;
        Some(heard)
    }
}

impl Endpoint {
    /// An endpoint that answers every call with this status and nothing more.
    pub(crate) fn saying(status: &'static str) -> Self {
        Self::answering(move |_, _| answer(status, ""))
    }

    /// An endpoint that answers each call with what the function makes of it; the first has the number 1.
    pub(crate) fn answering(answer: impl Fn(usize, &Heard) -> String + Send + Sync + 'static) -> Self {
        Self::doing(move |number, heard, mut stream| {
            drop(stream.write_all(answer(number, heard).as_bytes()));
        })
    }

    /// An endpoint that hears each call out, writes it down and then does this.
    pub(crate) fn doing(then: impl Fn(usize, &Heard, TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let book = Arc::<Book>::default();
        let (then, pages) = (Arc::new(then), book.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (then, pages) = (then.clone(), pages.clone());
                thread::spawn(move || {
                    if let Some(heard) = Heard::read(&stream) {
                        let number = pages.write(heard.clone());
                        then(number, &heard, stream);
                    }
                });
            }
        });
        Self { port, book }
    }

    /// Its address, with that path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its host, as failures name it.
    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The calls that have arrived.
    pub(crate) fn calls(&self) -> Vec<Heard> {
        self.book.calls.lock().unwrap().clone()
    }

    /// The calls, as soon as there are so many.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Heard> {
        let end = Instant::now() + PATIENCE;
        let mut calls = self.book.calls.lock().unwrap();
        while calls.len() < count {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{count} calls were expected, not {calls:?}");
            calls = self.book.written.wait_timeout(calls, left).unwrap().0;
        }
        calls.clone()
    }

    /// The next call, if it is the first.
    pub(crate) fn first(&self) -> Heard {
        self.wait_for(1).remove(0)
    }
}

impl Book {
    /// Writes a call down and gives its number.
    fn write(&self, heard: Heard) -> usize {
        let mut calls = self.calls.lock().unwrap();
        calls.push(heard);
        self.written.notify_all();
        calls.len()
    }
}

/// An answer with a body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
