//! The part of the ledger about events: which functions have one, and whether another one may.
//!
//! An event has room for so many functions of an account, and no two of them may answer for the same skill: a
//! function without skills answers for all. Both what is saved and what is served counts, so that a deployment can
//! never bring two functions into conflict that did not conflict when they were saved.

use std::collections::HashSet;

use lambkin_templates::Event;
use uuid::Uuid;

use super::{Ledger, LedgerError, lambda_key};
use crate::{
    lambda::LambdaRecord,
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// What a function wants of an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub(super) account: &'a str,
    pub(super) event_id: Option<&'a str>,
    pub(super) skills: &'a [String],
    /// The function itself, once it exists: it is never in its own way.
    pub(super) lambda: Option<Uuid>,
}

impl Ledger {
    /// Whether the event has a place for the function, and nobody answers for its skills. Called while writing.
    pub(super) fn judge_claim(&self, claim: Claim<'_>) -> Result<(), LedgerError> {
        let Some(event) = claim.event_id.and_then(lambkin_templates::find_event) else { return Ok(()) };
        let others = self.functions_of(claim.account, event, claim.lambda)?;
        if claim.lambda.is_none() && others.len() >= event.lambda_limit {
            return Err(LedgerError::EventFull { event: event.id, limit: event.lambda_limit });
        }
        for other in others {
            let served = match other.productive {
                Some(sequence) => self.deployment(other.uuid, sequence)?.map(|deployment| deployment.skills),
                None => None,
            };
            let saved = std::iter::once(&other.definition.skills);
            for skills in saved.chain(served.iter()) {
                if let Some(clash) = clash(claim.skills, skills) {
                    return Err(LedgerError::SkillsTaken {
                        event: event.id,
                        other: other.definition.name,
                        clash,
                    });
                }
            }
        }
        Ok(())
    }

    fn functions_of(
        &self,
        account: &str,
        event: &Event,
        except: Option<Uuid>,
    ) -> Result<Vec<LambdaRecord>, StoreError> {
        let mut functions = Vec::new();
        visit(&*self.store, &places_key(account, event.id), |lambda: Uuid| {
            if Some(lambda) != except {
                functions.extend(read::<LambdaRecord>(&*self.store, &lambda_key(lambda))?);
            }
            Ok(())
        })?;
        Ok(functions)
    }
}

/// Notes that a function has taken a place of its event.
pub(super) fn take_place(lambda: &LambdaRecord, batch: &mut Batch) -> Result<(), StoreError> {
    match &lambda.definition.event_id {
        Some(event) => batch.put(place_key(&lambda.account, event, lambda.uuid), &lambda.uuid),
        None => Ok(()),
    }
}

/// Gives it back.
pub(super) fn leave_place(lambda: &LambdaRecord, batch: &mut Batch) {
    if let Some(event) = &lambda.definition.event_id {
        batch.remove(place_key(&lambda.account, event, lambda.uuid));
    }
}

fn places_key(account: &str, event: &str) -> Key {
    Key::new(Shelf::EventPlace, &[account.as_bytes(), b"\0", event.as_bytes(), b"\0"])
}

fn place_key(account: &str, event: &str, lambda: Uuid) -> Key {
    let parts = [account.as_bytes(), b"\0", event.as_bytes(), b"\0", lambda.as_bytes()];
    Key::new(Shelf::EventPlace, &parts)
}

/// Why two functions of one event cannot stand side by side; `None` when they can.
fn clash(one: &[String], other: &[String]) -> Option<String> {
    if one.is_empty() || other.is_empty() {
        return Some("a function without skills answers for every skill".to_owned());
    }
    let other: HashSet<&String> = other.iter().collect();
    let shared = one.iter().find(|skill| other.contains(skill))?;
    Some(format!("both answer for the skill `{}`", shared.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skills_clash_unless_both_have_some_and_share_none() {
        let skills = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(clash(&skills(&["a", "b"]), &skills(&["c"])), None);
        assert!(clash(&skills(&["a", "b"]), &skills(&["b", "c"])).unwrap().contains("`b`"));
        for (one, other) in [(&["a"][..], &[][..]), (&[], &["a"]), (&[], &[])] {
            assert!(clash(&skills(one), &skills(other)).unwrap().contains("every skill"));
        }
    }
}
