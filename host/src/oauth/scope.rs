//! What a token is for. A scope never adds to what its user may do, it only leaves some of that out.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A set of purposes, written as words with spaces between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope(u8);

const NAMES: [(Scope, &str); 3] =
    [(Scope::INVOKE, "faas.lambda.invoke"), (Scope::ACCOUNT, "faas.account"), (Scope::OPENID, "openid")];

impl Scope {
    pub(crate) const NONE: Self = Self(0);
    /// Calling functions, and asking whether there are any for an event.
    pub(crate) const INVOKE: Self = Self(1);
    /// Whatever the user may do.
    pub(crate) const ACCOUNT: Self = Self(2);
    /// Telling who the user is. Every app may ask for it: every answer with tokens tells it anyway.
    pub(crate) const OPENID: Self = Self(4);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    pub(crate) const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether everything of `other` is in the set.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |(purpose, _)| self.has(*purpose)).map(|(_, name)| *name)
    }

    /// Every name there is.
    pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name)
    }

    fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(purpose, _)| *purpose)
    }

    /// What of a scope is known here; the words that are not are left out, as RFC 6749 (3.3) allows.
    pub(crate) fn known(text: &str) -> Self {
        text.split(' ').filter_map(Self::named).fold(Self::NONE, Self::and)
    }

    /// Whether these words ask for exactly this.
    pub(crate) fn is_asked_by(self, text: &str) -> bool {
        Self::parse(text).is_ok_and(|asked| asked == self)
    }

    /// A scope all of whose words are known; otherwise the first that is not.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words = text.split(' ').filter(|word| !word.is_empty());
        words
            .map(|word| Self::named(word).ok_or_else(|| word.to_owned()))
            .try_fold(Self::NONE, |all, one| Ok(all.and(one?)))
    }

    pub(crate) fn text(self) -> String {
        self.names().collect::<Vec<_>>().join(" ")
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(|word| {
            let known: Vec<_> = Self::all_names().collect();
            let word: String = word.escape_debug().take(64).collect();
            D::Error::custom(format!("`{word}` is no scope; there are {}", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_words_with_spaces_between_them() {
        let both = Scope::parse("openid faas.lambda.invoke").unwrap();
        assert_eq!(both, Scope::INVOKE.and(Scope::OPENID));
        assert_eq!(both.text(), "faas.lambda.invoke openid");
        assert_eq!(Scope::parse("").unwrap(), Scope::NONE);
        assert_eq!(Scope::parse("openid root").unwrap_err(), "root");
        assert_eq!(Scope::known("profile  openid root"), Scope::OPENID);
        assert_eq!(both.within(Scope::INVOKE), Scope::INVOKE);
        let error = serde_json::from_str::<Scope>(r#""root""#).unwrap_err().to_string();
        assert!(error.contains("`root` is no scope; there are faas.lambda.invoke"), "{error}");
    }
}
