//! The names and identifiers a command line may carry. They are judged before they become part of a path or a URL.

use std::fmt;

use uuid::Uuid;

/// Longest name of a function, in characters.
const MAX_NAME: usize = 50;

/// A function's name: `/^\w+$/`, at most 50 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FunctionName(String);

impl FunctionName {
    /// Reads a name from the command line.
    ///
    /// # Errors
    /// Says what a name looks like.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        if (1..=MAX_NAME).contains(&text.len()) && text.chars().all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("a name is 1 to {MAX_NAME} letters, digits and underscores"))
        }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a command names a deployed function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FunctionId {
    /// By its identifier.
    Uuid(Uuid),
    /// By its name, which is unique in the account.
    Name(FunctionName),
}

impl FunctionId {
    /// Reads a UUID, or else a name.
    ///
    /// # Errors
    /// Says what either looks like.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        // Only the hyphenated form: a name of 32 letters and digits must stay a name.
        match Uuid::try_parse(text) {
            Ok(uuid) if text.contains('-') => Ok(Self::Uuid(uuid)),
            _ => FunctionName::parse(text)
                .map(Self::Name)
                .map_err(|error| format!("neither a UUID nor a name: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for good in ["a", "greeting_2", "A_b_C", &"x".repeat(50)] {
            assert_eq!(FunctionName::parse(good).expect("a good name").as_str(), good);
        }
        for bad in ["", "a-b", "a b", "../x", "ä", "a/b", &"x".repeat(51)] {
            assert!(FunctionName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_hyphenated_uuid_is_an_identifier_and_bare_digits_are_a_name() {
        let uuid = "2f0e4c52-9a55-4d21-8f86-0a6ad7d56d3e";
        assert!(matches!(FunctionId::parse(uuid), Ok(FunctionId::Uuid(_))));
        assert!(matches!(FunctionId::parse(&uuid.replace('-', "")), Ok(FunctionId::Name(_))));
        assert!(FunctionId::parse("no way").is_err());
    }
}
