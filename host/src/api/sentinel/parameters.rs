//! The parameters of OAuth requests: each at most once (RFC 6749, 3.1 and 3.2), empty ones absent, unknown ones ignored.

use super::error::OAuthError;
use crate::api::query::Query;

/// The parameters of a form or of a query string.
#[derive(Debug, Default)]
pub(super) struct Parameters(Query);

impl Parameters {
    pub(super) fn parse(text: &str) -> Result<Self, OAuthError> {
        Ok(Self(Query::parse(Some(text))?))
    }

    /// A query string. Old clients paste a second one behind one that is there already (`?v=1.0&?response_type=…`,
    /// `?v=1.0?response_type=…`); what they mean is clear, so it is read.
    pub(super) fn parse_query(text: Option<&str>) -> Result<Self, OAuthError> {
        let text = text.unwrap_or_default();
        let mut pieces = Vec::new();
        for piece in text.split('&') {
            let piece = piece.trim_start_matches('?');
            match piece.strip_prefix("v=").and_then(|version| version.split_once('?')) {
                Some((version, rest)) => pieces.extend([format!("v={version}"), rest.to_owned()]),
                None => pieces.push(piece.to_owned()),
            }
        }
        Self::parse(&pieces.join("&"))
    }

    /// The value of a parameter that may stand there once.
    pub(super) fn one<'a>(&'a self, name: &'a str) -> Result<Option<&'a str>, OAuthError> {
        let mut values = self.0.all(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(OAuthError::invalid_request(format!("`{name}` is there more than once"))),
        }
    }

    /// The value of a parameter that must stand there once.
    pub(super) fn needed<'a>(&'a self, name: &'a str) -> Result<&'a str, OAuthError> {
        self.one(name)?.ok_or_else(|| OAuthError::invalid_request(format!("`{name}` is missing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_query_is_read() {
        for text in [
            "v=1.0&response_type=code&client_id=a",
            "v=1.0&?response_type=code&client_id=a",
            "v=1.0?response_type=code&client_id=a",
            "?v=1.0&response_type=code&?client_id=a",
        ] {
            let parameters = Parameters::parse_query(Some(text)).unwrap();
            assert_eq!(parameters.one("v").unwrap(), Some("1.0"), "{text}");
            assert_eq!(parameters.one("response_type").unwrap(), Some("code"), "{text}");
            assert_eq!(parameters.one("client_id").unwrap(), Some("a"), "{text}");
        }
        // Only behind the version: elsewhere a question mark belongs to the value.
        let parameters = Parameters::parse_query(Some("redirect_uri=http://a/?b=c")).unwrap();
        assert_eq!(parameters.one("redirect_uri").unwrap(), Some("http://a/?b=c"));
    }

    #[test]
    fn what_stands_twice_is_refused_and_what_is_empty_is_absent() {
        let parameters = Parameters::parse("a=1&a=1&b=&c=2&c=").unwrap();
        assert!(parameters.one("a").is_err());
        assert_eq!(parameters.one("b").unwrap(), None);
        assert!(parameters.needed("b").is_err());
        assert_eq!(parameters.one("c").unwrap(), Some("2"));
        assert!(Parameters::parse("a=%zz").is_err());
    }
}
