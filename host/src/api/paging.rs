//! Lists in pages. A list stands in the order of a name that is unique and stays, and `after` says which name the page
//! before ended with: what comes and goes between two pages neither shows anything twice nor hides anything else.
//! Who names no `limit` gets the whole list, as the published clients expect.

use super::query::Query;
use crate::reply::Refusal;

/// Entries of a page at most.
pub(super) const AT_MOST: usize = 1_000;

/// Which part of a list is wanted, and how much of it was given.
#[derive(Debug)]
pub(crate) struct Page {
    limit: Option<usize>,
    after: Option<String>,
    given: usize,
}

impl Page {
    /// Reads `limit` and `after`.
    ///
    /// # Errors
    ///
    /// 400: `limit` is not a number from 1 to 1,000.
    pub(crate) fn parse(query: &Query) -> Result<Self, Refusal> {
        let limit = match query.first("limit").map(str::parse) {
            None => None,
            Some(Ok(limit)) if (1..=AT_MOST).contains(&limit) => Some(limit),
            Some(_) => {
                return Err(Refusal::bad_input(format!("`limit` must be a number from 1 to {AT_MOST}")));
            }
        };
        Ok(Self { limit, after: query.first("after").map(str::to_owned), given: 0 })
    }

    /// Whether the entry of this name may stand on the page: it comes behind the page before, and there is room.
    pub(crate) fn has_room_for(&self, name: &str) -> bool {
        self.limit.is_none_or(|limit| self.given < limit)
            && self.after.as_deref().is_none_or(|after| name > after)
    }

    /// Counts an entry that was given.
    pub(crate) fn count(&mut self) {
        self.given += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names on a page.
    fn page<'a>(query: &str, names: &[&'a str]) -> Vec<&'a str> {
        let mut page = Page::parse(&Query::parse(Some(query)).unwrap()).unwrap();
        let mut given = Vec::new();
        for name in names {
            if page.has_room_for(name) {
                page.count();
                given.push(*name);
            }
        }
        given
    }

    #[test]
    fn pages_follow_each_other_also_when_entries_come_and_go() {
        let names = ["a", "b", "c", "d"];
        assert_eq!(page("", &names), names);
        assert_eq!(page("limit=2", &names), ["a", "b"]);
        assert_eq!(page("limit=2&after=b", &names), ["c", "d"]);
        assert_eq!(page("after=b&limit=2", &["a", "b1", "c"]), ["b1", "c"], "b is gone");
        assert_eq!(page("after=d", &names), [""; 0]);
        for bad in ["limit=0", "limit=1001", "limit=x", "limit=-1"] {
            assert!(Page::parse(&Query::parse(Some(bad)).unwrap()).is_err(), "{bad}");
        }
    }
}
