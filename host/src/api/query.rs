//! Query strings the way the published clients write them: unknown keys are ignored, empty values are no values,
//! a key may stand several times.

use crate::reply::Refusal;

/// Pairs past this number are refused.
const MAX_PAIRS: usize = 100;

/// A parsed query string.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, Refusal> {
        let Some(text) = text else { return Ok(Self::default()) };
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == MAX_PAIRS {
                return Err(Refusal::bad_input(format!("the query has more than {MAX_PAIRS} parts")));
            }
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let broken = || Refusal::bad_input("the query is not UTF-8 with `%` escapes");
            let (key, value) = (decode(key).ok_or_else(broken)?, decode(value).ok_or_else(broken)?);
            if !value.is_empty() {
                pairs.push((key, value));
            }
        }
        Ok(Self(pairs))
    }

    /// The first value of a key.
    pub(crate) fn first(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// All values of a key.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// A text without its `%` escapes and with spaces for `+`.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
                let value = digit(0)? * 16 + digit(1)?;
                bytes.push(u8::try_from(value).ok()?);
                rest = after.get(2..)?;
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_repeats_and_empties() {
        let query = Query::parse(Some("a=1&a=2&b=&c=Build+Error%20x&&d")).unwrap();
        assert_eq!(query.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(query.first("b"), None);
        assert_eq!(query.first("c"), Some("Build Error x"));
        assert_eq!(query.first("d"), None);
        for bad in ["a=%", "a=%2", "a=%zz", "a=%ff"] {
            assert!(Query::parse(Some(bad)).is_err(), "{bad}");
        }
        assert!(Query::parse(Some(&"a=1&".repeat(101))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r"([a-c=&+%]|%[0-9a-f]{2}|\PC){0,60}") {
            let _ = Query::parse(Some(&text));
        }

        #[test]
        fn what_was_escaped_comes_back(key in ".{1,20}", value in ".{1,20}") {
            let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
            let query = Query::parse(Some(&format!("a=1&{}={}", escape(&key), escape(&value)))).unwrap();
            assert!(query.all(&key).any(|one| one == value));
        }
    }
}
