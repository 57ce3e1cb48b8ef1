//! What a user may be allowed to do, in the four names the platform has for it. Profiles are made of them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A set of permissions.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Permissions(u8);

/// Every permission with its name. What only the operator may do is no permission of an account.
const NAMES: [(Permissions, &str); 4] = [
    (Permissions::ADMIN, "FaaS-Admin"),
    (Permissions::DEVELOPER, "FaaS-Developer"),
    (Permissions::INVOCATION, "FaaS-Invocation"),
    (Permissions::LPA, "LPA"),
];

impl Permissions {
    pub(crate) const NONE: Self = Self(0);
    /// Whitelist and secrets.
    pub(crate) const ADMIN: Self = Self(1);
    /// Lambdas.
    pub(crate) const DEVELOPER: Self = Self(2);
    /// Calls from outside.
    pub(crate) const INVOCATION: Self = Self(4);
    /// Everything in its account.
    pub(crate) const LPA: Self = Self(8);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether both sets have something in common.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The permission of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(permission, _)| *permission)
    }

    /// The names of all in the set.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |(permission, _)| self.meets(*permission)).map(|(_, name)| *name)
    }

    /// Every name there is.
    pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name)
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().try_fold(Self::NONE, |all, name| {
            let known = Self::named(name).ok_or_else(|| {
                let known: Vec<_> = Self::all_names().collect();
                D::Error::custom(format!(
                    "`{}` is no permission; there are {}",
                    name.escape_debug(),
                    known.join(", ")
                ))
            })?;
            Ok(all.and(known))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_lists_of_names() {
        let set = Permissions::ADMIN.and(Permissions::LPA);
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["FaaS-Admin","LPA"]"#);
        assert_eq!(serde_json::from_str::<Permissions>(r#"["LPA","FaaS-Admin"]"#).unwrap(), set);
        let error = serde_json::from_str::<Permissions>(r#"["Root"]"#).unwrap_err().to_string();
        assert!(error.contains("`Root` is no permission; there are FaaS-Admin"), "{error}");
        assert!(set.meets(Permissions::LPA) && !set.meets(Permissions::DEVELOPER));
    }
}
