//! The ways an app may get tokens, by the names RFC 6749 has for them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A set of ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GrantTypes(u8);

const NAMES: [(GrantTypes, &str); 3] = [
    (GrantTypes::AUTHORIZATION_CODE, "authorization_code"),
    (GrantTypes::REFRESH_TOKEN, "refresh_token"),
    (GrantTypes::CLIENT_CREDENTIALS, "client_credentials"),
];

impl GrantTypes {
    pub(crate) const NONE: Self = Self(0);
    /// For a user who logs in and agrees.
    pub(crate) const AUTHORIZATION_CODE: Self = Self(1);
    /// For the same user later.
    pub(crate) const REFRESH_TOKEN: Self = Self(2);
    /// For itself.
    pub(crate) const CLIENT_CREDENTIALS: Self = Self(4);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything of `other` is in the set.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The way of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(way, _)| *way)
    }

    /// The names of all in the set.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |(way, _)| self.has(*way)).map(|(_, name)| *name)
    }
}

impl Serialize for GrantTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for GrantTypes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().try_fold(Self::NONE, |all, name| {
            let way = Self::named(name).ok_or_else(|| {
                let known: Vec<_> = NAMES.iter().map(|(_, name)| *name).collect();
                let name: String = name.escape_debug().take(64).collect();
                D::Error::custom(format!("`{name}` is no grant type; there are {}", known.join(", ")))
            })?;
            Ok(all.and(way))
        })
    }
}
