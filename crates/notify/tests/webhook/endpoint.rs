//! An endpoint that does what a test tells it to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A listening endpoint on 127.0.0.1. Its threads end with the test.
pub(crate) struct Endpoint {
    pub(crate) port: u16,
    heard: Receiver<Heard>,
}

/// One call as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// `POST /path?query HTTP/1.1`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Heard {
    /// The header of this name, which is there once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(one, _)| one == name).map(|(_, value)| value.as_str());
        let first = values.next();
        assert_eq!(values.next(), None, "{name} is there twice");
        first
    }

    /// All of it, in case something is in it that should not be.
    pub(crate) fn all(&self) -> String {
        format!("{self:?}")
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
        let length = heard.header("content-length")?.parse().ok()?;
        reader.take(length).read_to_string(&mut heard.body).ok()?;
        Some(heard)
    }
}

impl Endpoint {
    /// An endpoint that answers each call with what the function makes of it.
    pub(crate) fn answering(answer: impl Fn(&Heard) -> String + Clone + Send + 'static) -> Self {
        Self::doing(move |heard, mut stream| drop(stream.write_all(answer(heard).as_bytes())))
    }

    /// An endpoint that answers every call with this.
    pub(crate) fn saying(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        Self::answering(move |_| answer.clone())
    }

    /// An endpoint that hears each call out and then does this.
    pub(crate) fn doing(then: impl Fn(&Heard, TcpStream) + Clone + Send + 'static) -> Self {
        let (tell, heard) = channel();
        let port = serve(move |stream| {
            if let Some(heard) = Heard::read(&stream) {
                drop(tell.send(heard.clone()));
                then(&heard, stream);
            }
        });
        Self { port, heard }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next call that arrived.
    pub(crate) fn next(&self) -> Heard {
        self.heard.recv_timeout(Duration::from_secs(10)).expect("a call was expected")
    }

    /// No further call arrived.
    pub(crate) fn heard_nothing(&self) {
        match self.heard.try_recv() {
            Err(TryRecvError::Empty) => {}
            other => panic!("no call was expected: {other:?}"),
        }
    }
}

/// Listens, and hands each connection to the function on a thread of its own; gives the port.
pub(crate) fn serve(connected: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, connected) = (stream.unwrap(), connected.clone());
            thread::spawn(move || connected(stream));
        }
    });
    port
}

/// Sends the same piece again and again, until nobody listens any more.
pub(crate) fn drip(mut stream: TcpStream, piece: &str) {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end && stream.write_all(piece.as_bytes()).is_ok() {
        thread::sleep(Duration::from_millis(50));
    }
}

/// An answer with a body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// An answer that sends the call on.
pub(crate) fn redirect(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}
