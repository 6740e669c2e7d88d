//! The address of an endpoint, taken apart and checked.

use std::net::IpAddr;

use ureq::http::Uri;
use url::{Host, ParseError, Position, Url};

use super::policy::CallPolicy;

/// Longest name of a host (RFC 1035, 2.3.4). Names are shown to people.
const NAME: usize = 253;

/// Checks the address of an endpoint without asking anybody: it is HTTPS, or HTTP where that is allowed; it names a
/// host, and neither a user nor a fragment; and if the host is an address, calls may go there. A name is looked up, and
/// what it stands for is checked, only when it is called. The text of a refusal does not repeat the address.
pub fn check_url(url: &str, policy: &CallPolicy) -> Result<(), String> {
    Target::read(url, policy).map(drop)
}

/// The address of an endpoint that may be called, as far as can be told without looking its name up.
#[derive(Clone)]
pub(super) struct Target {
    url: Url,
    /// The address in the form in which it is called. Made from the checked one, so that both mean the same host.
    pub(super) uri: Uri,
}

impl Target {
    pub(super) fn read(url: &str, policy: &CallPolicy) -> Result<Self, String> {
        check_spelling(url)?;
        if !(begins_with(url, "https://") || begins_with(url, "http://")) {
            return Err(if policy.allow_http {
                "the address of an endpoint begins with https:// or http://".to_owned()
            } else {
                "the address of an endpoint begins with https://".to_owned()
            });
        }
        Self::check(Url::parse(url).map_err(not_an_address)?, policy)
    }

    /// Where an answer sends the call on to.
    pub(super) fn redirected(&self, location: &str, policy: &CallPolicy) -> Result<Self, String> {
        check_spelling(location)?;
        let mut next = self.url.join(location).map_err(not_an_address)?;
        // RFC 9110, 10.2.2: a fragment is for whoever looks at the result.
        next.set_fragment(None);
        let next = Self::check(next, policy)?;
        if self.is_encrypted() && !next.is_encrypted() {
            return Err("the call would no longer be encrypted".to_owned());
        }
        Ok(next)
    }

    fn check(url: Url, policy: &CallPolicy) -> Result<Self, String> {
        match url.scheme() {
            "https" => {}
            "http" if policy.allow_http => {}
            "http" => {
                return Err("calls without encryption (http://) are not allowed: use https://".to_owned());
            }
            _ => return Err("an endpoint is called by HTTP only".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address holds no user and no password: they are configured apart".to_owned());
        }
        if url.fragment().is_some() {
            return Err("an address of an endpoint has no fragment (#)".to_owned());
        }
        if url.port() == Some(0) {
            return Err("the port must not be 0".to_owned());
        }
        let literal = match url.host() {
            None | Some(Host::Domain("" | ".")) => return Err("the address names no host".to_owned()),
            Some(Host::Domain(name)) if name.len() > NAME => {
                return Err("the name of the host is too long".to_owned());
            }
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        };
        if let Some(address) = literal {
            policy.check(address).map_err(|forbidden| forbidden.to_string())?;
        }
        let uri =
            url.as_str().parse().map_err(|_| "the address cannot be called as it is written".to_owned())?;
        Ok(Self { url, uri })
    }

    /// Host, and port unless it is the usual one: what people may see of the address.
    pub(super) fn host(&self) -> &str {
        &self.url[Position::BeforeHost..Position::AfterPort]
    }

    /// The part that may hold a key.
    pub(super) fn query(&self) -> Option<&str> {
        self.url.query()
    }

    /// The values in the query, decoded.
    pub(super) fn query_values(&self) -> impl Iterator<Item = String> {
        self.url.query_pairs().map(|(_, value)| value.into_owned())
    }

    /// Whether both are at one scheme, host and port.
    pub(super) fn shares_origin_with(&self, other: &Self) -> bool {
        self.url.origin() == other.url.origin()
    }

    fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// Refuses what browsers forgive: they drop line breaks and take `\` for `/`.
fn check_spelling(url: &str) -> Result<(), String> {
    if url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err("an address holds no blanks, no control characters and no backslashes".to_owned());
    }
    Ok(())
}

fn begins_with(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// The reason in the words of the reader of addresses; none of them repeats what was read.
fn not_an_address(error: ParseError) -> String {
    format!("this is not an address of an endpoint: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow_http: bool, allowed: &[&str]) -> CallPolicy {
        let allowed_networks = allowed.iter().map(|network| network.parse().unwrap()).collect();
        CallPolicy { allow_http, allowed_networks, ..CallPolicy::default() }
    }

    #[test]
    fn good_addresses_are_taken() {
        for url in [
            "https://hooks.example.com/joiner?key=1",
            "HTTPS://Hooks.Example.com",
            "https://hooks.example.com.:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]:8443/a%20b",
            "https://bücher.example/",
        ] {
            assert_eq!(check_url(url, &policy(false, &[])), Ok(()), "{url}");
        }
        assert_eq!(check_url("http://hooks.example.com/", &policy(true, &[])), Ok(()));
        assert_eq!(check_url("http://127.0.0.1:8080/", &policy(true, &["127.0.0.0/8"])), Ok(()));
    }

    #[test]
    fn what_is_no_address_of_an_endpoint_is_refused_with_the_reason_and_not_repeated() {
        for (url, reason) in [
            ("", "begins with https://"),
            ("hooks.example.com/s3cret", "begins with https://"),
            ("/s3cret", "begins with https://"),
            ("ftp://example.com/s3cret", "begins with https://"),
            ("file:///etc/s3cret", "begins with https://"),
            ("https:example.com/s3cret", "begins with https://"),
            ("http://example.com/s3cret", "without encryption"),
            ("https://", "empty host"),
            ("https:///", "empty host"),
            ("https://./", "no host"),
            ("https://user:s3cret@example.com/", "no user and no password"),
            ("https://s3cret@example.com/", "no user and no password"),
            ("https://example.com/#s3cret", "no fragment"),
            ("https://example.com:0/", "port must not be 0"),
            ("https://example.com:65536/", "invalid port"),
            ("https://example.com:s3cret/", "invalid port"),
            ("https://exa mple.com/", "no blanks"),
            ("https://example.com/\r\nHost: s3cret", "no blanks"),
            ("https:\\\\example.com\\s3cret", "no backslashes"),
            ("https://exam<ple.com/", "invalid"),
            ("https://1.2.3.4.5/", "invalid IPv4"),
            ("https://256.1.1.1/", "invalid IPv4"),
            ("https://[::1/", "invalid IPv6"),
            ("https://[fe80::1%25eth0]/", "invalid IPv6"),
        ] {
            let refused = check_url(url, &policy(false, &[])).unwrap_err();
            assert!(refused.contains(reason), "{url}: {refused}");
            assert!(!refused.contains("s3cret"), "{url}: {refused}");
        }
    }

    #[test]
    fn an_address_is_known_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "2130706433",
            "017700000001",
            "0x7f.1",
            "0x7f000001",
            "0177.0.0.1",
            "%31%32%37.0.0.1",
            "①②⑦.0.0.1",
            "127。0。0。1",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "0.0.0.0",
            "0",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "[fd00:ec2::254]",
            "255.255.255.255",
        ] {
            for scheme in ["http", "https"] {
                let refused = check_url(&format!("{scheme}://{host}/"), &policy(true, &[])).unwrap_err();
                assert!(refused.contains("calls may not go to"), "{host}: {refused}");
            }
        }
    }

    #[test]
    fn what_is_called_is_what_was_checked() {
        let all = policy(true, &["127.0.0.0/8", "::/0"]);
        for (url, called) in [
            ("https://2130706433/a?b", "https://127.0.0.1/a?b"),
            ("HTTPS://Hooks.Example.COM:443", "https://hooks.example.com/"),
            ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
            ("https://a.example/b/../c", "https://a.example/c"),
            ("https://[0:0::1]/", "https://[::1]/"),
        ] {
            assert_eq!(Target::read(url, &all).unwrap().uri.to_string(), called);
        }
    }

    #[test]
    fn a_redirect_is_checked_like_any_other_address() {
        let policy = policy(true, &[]);
        let from = Target::read("https://a.example/x/y?key=1", &policy).unwrap();
        let to = |location: &str| from.redirected(location, &policy).map(|target| target.uri.to_string());
        assert_eq!(to("/z#top"), Ok("https://a.example/z".to_owned()));
        assert_eq!(to("z"), Ok("https://a.example/x/z".to_owned()));
        assert_eq!(to("//b.example/z"), Ok("https://b.example/z".to_owned()));
        assert_eq!(to("https://b.example"), Ok("https://b.example/".to_owned()));
        for (location, reason) in [
            ("https://169.254.169.254/latest", "link-local"),
            ("//127.1/", "this machine"),
            ("http://b.example/", "no longer be encrypted"),
            ("https://user@b.example/", "no user"),
            ("file:///etc/passwd", "HTTP only"),
            ("javascript:1", "HTTP only"),
            (&format!("//{}.example/", "a".repeat(300)), "too long"),
            ("https:\\\\b.example", "no backslashes"),
        ] {
            let refused = to(location).unwrap_err();
            assert!(refused.contains(reason), "{location}: {refused}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let policy = policy(true, &[]);
        let read = |url| Target::read(url, &policy).unwrap();
        let one = read("https://a.example/x");
        for (url, shared) in [
            ("https://A.example:443/y", true),
            ("https://a.example:8443/x", false),
            ("http://a.example/x", false),
            ("https://b.a.example/x", false),
            ("https://a.example./x", false),
        ] {
            assert_eq!(one.shares_origin_with(&read(url)), shared, "{url}");
        }
        assert_eq!(read("https://a.example:8443/x?key").host(), "a.example:8443");
        assert_eq!(one.host(), "a.example");
    }
}
