//! The name clients call this server by: a host, perhaps with a port. It comes from the operator or from a request.

use std::{fmt, str::FromStr};

use axum::http::uri::Authority;

/// A host and perhaps a port, as they stand in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(Authority);

/// Why a text is no name for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostNameError {
    /// It has a scheme, a path or a user, or is nothing at all.
    #[error("a server is called by its host alone, perhaps with a port, such as `lambkin.example.com:8443`")]
    NoHost,
    /// The published client takes such a name for one of the platform's second edition and changes its paths.
    #[error(
        "clients take a host whose name has `functions` or `fninvocations` in it for the second edition of the platform; call this server by another name"
    )]
    SecondEdition,
}

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        let name: Authority = text.parse().map_err(|_| HostNameError::NoHost)?;
        if name.as_str().contains('@') || name.host().is_empty() {
            return Err(HostNameError::NoHost);
        }
        if name.host().contains("functions") || name.host().contains("fninvocations") {
            return Err(HostNameError::SecondEdition);
        }
        Ok(Self(name))
    }
}

impl HostName {
    /// The same host with another port.
    pub(crate) fn at_port(&self, port: u16) -> String {
        format!("{}:{port}", self.0.host())
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_host_and_perhaps_a_port() {
        for good in ["shop.example", "shop.example:8443", "127.0.0.1:1", "[::1]:80", "localhost"] {
            assert_eq!(good.parse::<HostName>().unwrap().to_string(), good);
        }
        for bad in ["", "https://shop.example", "shop.example/x", "user@shop.example", ":80", "a b"] {
            assert_eq!(bad.parse::<HostName>(), Err(HostNameError::NoHost), "{bad}");
        }
        for other in ["va.functions.example", "fninvocations.example:1"] {
            assert_eq!(other.parse::<HostName>(), Err(HostNameError::SecondEdition), "{other}");
        }
        assert_eq!("[::1]:80".parse::<HostName>().unwrap().at_port(81), "[::1]:81");
        assert_eq!("shop.example".parse::<HostName>().unwrap().at_port(81), "shop.example:81");
    }
}
