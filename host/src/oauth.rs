//! What apps are allowed: the ways they may get tokens, what the tokens are for, where users are sent back to.
//!
//! The rules are RFC 6749 with what later documents took away from it (RFC 9700): codes and no implicit flow, PKCE with
//! S256 alone, exact redirect URIs. The calls are in [`crate::api`], what is kept is in [`crate::directory`].

mod grant_types;
pub(crate) mod pkce;
pub(crate) mod redirect_uri;
mod scope;

pub(crate) use self::{grant_types::GrantTypes, scope::Scope};
