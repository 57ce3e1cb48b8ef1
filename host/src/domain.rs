//! Domain names as they stand on a whitelist: fully qualified, in their ASCII form, perhaps with a leading `*`.
//!
//! The rules are RFC 1035's with the relaxation every registry follows (RFC 1123: a label may begin with a digit).
//! Names in other scripts are turned into their ASCII form first (IDNA, UTS 46), so that `Bücher.example` and
//! `xn--bcher-kva.example` are one domain.

/// Bytes of a name, and of one of its labels.
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Longest text that is looked at; what is longer cannot become a name of [`MAX_NAME`] bytes.
const MAX_TEXT: usize = 1_024;

/// A valid entry: a name, or `*.` and a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Domain(String);

/// Why a text is no entry. Each names the rule it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DomainError {
    #[error("`domain` is missing; name the domain that is to be reachable, such as `api.example.com`")]
    Missing,
    #[error("`domain` has no more than {MAX_NAME} characters (RFC 1035)")]
    TooLong,
    #[error("`domain` is the name of a host alone: no scheme, port, path or user, such as `api.example.com`")]
    Url,
    #[error("`domain` must be a name, not an IP address")]
    Address,
    #[error("`domain` must be fully qualified: at least two labels with a dot between them")]
    OneLabel,
    #[error("`domain` has an empty label: two dots in a row, or one at its beginning")]
    EmptyLabel,
    #[error("`domain` has a label of more than {MAX_LABEL} characters (RFC 1035)")]
    LongLabel,
    #[error("`domain` has a label with something other than letters, digits and hyphens (RFC 1035)")]
    BadCharacter,
    #[error("`domain` has a label that begins or ends with a hyphen (RFC 1035)")]
    Hyphen,
    #[error("`domain` ends in a label of digits alone, which no top-level domain has")]
    NumericTop,
    #[error("`domain` is not a valid internationalised name (UTS 46)")]
    International,
    #[error("`domain` may have one wildcard, as its first label: `*.example.com`")]
    WildcardPlace,
    #[error("a wildcard needs at least two labels behind it: `*.example.com`, not `*.com`")]
    WildcardTop,
    #[error("wildcards are switched off on this server; name each domain in full")]
    WildcardsOff,
}

impl Domain {
    /// Judges what somebody wrote and brings it into the form in which it is kept and compared.
    pub(crate) fn parse(text: &str, wildcards: bool) -> Result<Self, DomainError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DomainError::Missing);
        }
        if text.len() > MAX_TEXT {
            return Err(DomainError::TooLong);
        }
        if text.contains(['/', '@', '?', '#', '\\']) {
            return Err(DomainError::Url);
        }
        if is_address(text) {
            return Err(DomainError::Address);
        }
        if text.contains(':') {
            return Err(DomainError::Url);
        }
        let (star, name) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if name.contains('*') {
            return Err(DomainError::WildcardPlace);
        }
        let name = ascii(name)?;
        let labels = judge(&name)?;
        match (star, labels) {
            (true, _) if !wildcards => Err(DomainError::WildcardsOff),
            (true, 1) => Err(DomainError::WildcardTop),
            // The one name of a single label that means the same everywhere (RFC 6761).
            (false, 1) if name != "localhost" => Err(DomainError::OneLabel),
            (true, _) => Ok(Self(format!("*.{name}"))),
            (false, _) => Ok(Self(name)),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a host in a request, in the form in which it is compared; `None` when it is no name.
pub(crate) fn normal_host(host: &str) -> Option<String> {
    if host.len() > MAX_TEXT || is_address(host) {
        return None;
    }
    let name = ascii(host).ok()?;
    judge(&name).ok()?;
    Some(name)
}

/// Lower case, other scripts as punycode, without the dot that ends an absolute name.
fn ascii(name: &str) -> Result<String, DomainError> {
    let name = if name.is_ascii() && !has_punycode(name) {
        name.to_ascii_lowercase()
    } else {
        // Also for what is punycode already: it must be what its Unicode form is encoded to.
        idna::domain_to_ascii_cow(name.as_bytes(), idna::AsciiDenyList::EMPTY)
            .map_err(|_| DomainError::International)?
            .into_owned()
    };
    Ok(name.strip_suffix('.').map(str::to_owned).unwrap_or(name))
}

fn has_punycode(name: &str) -> bool {
    name.split('.').any(|label| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")))
}

/// Judges an ASCII name; how many labels it has.
fn judge(name: &str) -> Result<usize, DomainError> {
    if name.is_empty() {
        return Err(DomainError::EmptyLabel);
    }
    let mut labels = 0;
    let mut last = "";
    for label in name.split('.') {
        labels += 1;
        last = label;
        if label.is_empty() {
            return Err(DomainError::EmptyLabel);
        }
        if label.len() > MAX_LABEL {
            return Err(DomainError::LongLabel);
        }
        if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(DomainError::BadCharacter);
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(DomainError::Hyphen);
        }
    }
    if name.len() > MAX_NAME {
        return Err(DomainError::TooLong);
    }
    // Also what some resolvers take for an address: `1.2.3`, `0x7f.1`.
    if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
        return Err(DomainError::NumericTop);
    }
    Ok(labels)
}

fn is_address(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let bare = bare.strip_suffix('.').unwrap_or(bare);
    bare.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<String, DomainError> {
        Domain::parse(text, true).map(|domain| domain.0)
    }

    #[test]
    fn names_are_brought_into_one_form() {
        for (given, kept) in [
            ("api.example.com", "api.example.com"),
            ("  API.Example.COM ", "api.example.com"),
            ("api.example.com.", "api.example.com"),
            ("Bücher.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("3com.com", "3com.com"),
            ("a-b--c.example", "a-b--c.example"),
            ("*.Example.com", "*.example.com"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(parse(given).as_deref(), Ok(kept), "{given}");
        }
        let label = "a".repeat(63);
        assert!(parse(&format!("{label}.{label}.{label}.{}", "b".repeat(61))).is_ok());
    }

    #[test]
    fn every_broken_rule_is_named() {
        use DomainError as E;
        let label = "a".repeat(63);
        for (given, rule) in [
            ("", E::Missing),
            (" ", E::Missing),
            (&"a.".repeat(600), E::TooLong),
            (&format!("{label}.{label}.{label}.{}", "b".repeat(62)), E::TooLong),
            ("https://example.com", E::Url),
            ("example.com/", E::Url),
            ("example.com:443", E::Url),
            ("user@example.com", E::Url),
            ("127.0.0.1", E::Address),
            ("127.0.0.1.", E::Address),
            ("::1", E::Address),
            ("[::1]", E::Address),
            ("::ffff:10.0.0.1", E::Address),
            ("example", E::OneLabel),
            ("a..example.com", E::EmptyLabel),
            (".example.com", E::EmptyLabel),
            (".", E::EmptyLabel),
            ("example.com..", E::EmptyLabel),
            (&format!("{label}a.com"), E::LongLabel),
            ("a_b.example.com", E::BadCharacter),
            ("a b.example.com", E::BadCharacter),
            ("a\0.example.com", E::BadCharacter),
            ("a%2e.example.com", E::BadCharacter),
            ("-a.example.com", E::Hyphen),
            ("a-.example.com", E::Hyphen),
            ("1.2.3", E::NumericTop),
            ("example.0x7f", E::NumericTop),
            ("2130706433", E::NumericTop),
            ("xn--a.example", E::International),
            ("a.*.example.com", E::WildcardPlace),
            ("*.*.example.com", E::WildcardPlace),
            ("*a.example.com", E::WildcardPlace),
            ("*", E::WildcardPlace),
            ("*.com", E::WildcardTop),
            ("*.localhost", E::WildcardTop),
        ] {
            assert_eq!(parse(given), Err(rule), "{given:?}");
        }
        assert_eq!(Domain::parse("*.example.com", false), Err(DomainError::WildcardsOff));
    }

    proptest! {
        /// Whatever is accepted is a name by the letter, and accepted again as itself.
        #[test]
        fn what_is_accepted_is_in_its_final_form(text in "\\PC{0,40}|[a-zA-Z0-9.*-]{1,80}|xn--[a-z0-9.-]{1,30}") {
            if let Ok(kept) = parse(&text) {
                prop_assert!(kept.is_ascii() && kept.len() <= MAX_NAME + 2);
                prop_assert_eq!(parse(&kept), Ok(kept.clone()));
                if !kept.starts_with('*') {
                    prop_assert_eq!(normal_host(&text.trim().to_uppercase()).or(normal_host(text.trim())), Some(kept));
                }
            }
        }
    }
}
