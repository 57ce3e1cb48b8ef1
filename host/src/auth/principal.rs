//! Who calls, once that is known. Small and cheap to clone: every call carries one.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    permissions::Permissions,
    rights::{Right, Roles},
};
use crate::reply::Refusal;

/// How a caller proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A user who logged in: the web application, the command, `lpf`.
    Session,
    /// A user, through an app that holds an access token of theirs.
    UserToken,
    /// The same, where all that was agreed to is calling functions.
    InvokeToken,
    /// An app on its own account.
    AppToken,
    /// A user of [`crate::directory::OPERATORS`], who logged in.
    Operator,
}

/// What is known about a caller; shared by all calls with the same token.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) account: Arc<str>,
    /// The user's id, or the app's client id.
    pub(crate) id: String,
    /// The user's login name, or the app's name.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) permissions: Permissions,
    /// The password was given by somebody else and has to be replaced before anything else is done.
    pub(crate) newcomer: bool,
}

/// A caller whose token was good.
#[derive(Clone, Debug)]
pub(crate) struct Principal {
    identity: Arc<Identity>,
    /// The account that is acted in; for operators not their own.
    account: Arc<str>,
}

impl Principal {
    pub(crate) fn new(identity: Arc<Identity>) -> Self {
        Self { account: Arc::clone(&identity.account), identity }
    }

    /// The platform itself, on a schedule of this account.
    pub(crate) fn scheduler(account: &str) -> Self {
        Self::platform(account, "scheduler".to_owned())
    }

    /// A lambda of this account, as a caller of others.
    pub(crate) fn lambda(account: &str, lambda: Uuid) -> Self {
        Self::platform(account, format!("lambda {lambda}"))
    }

    fn platform(account: &str, name: String) -> Self {
        Self::new(Arc::new(Identity {
            account: account.into(),
            id: name.clone(),
            name,
            kind: Kind::AppToken,
            permissions: Permissions::NONE,
            newcomer: false,
        }))
    }

    /// Lets the caller into the account of the path, for one purpose.
    pub(crate) fn enter(mut self, account: &str, right: &Right, roles: Roles) -> Result<Self, Refusal> {
        if *self.account != *account {
            if self.identity.kind != Kind::Operator || !right.is_operators() {
                return Err(Refusal::forbidden(account));
            }
            self.account = account.into();
        }
        if self.identity.newcomer && !right.is_newcomers() {
            return Err(Refusal::password_due());
        }
        if self.may(right, roles) { Ok(self) } else { Err(Refusal::lacking(right, &self.identity, roles)) }
    }

    /// Whether the caller has a right. For what a row of the table cannot tell: which form of an answer is given.
    pub(crate) fn may(&self, right: &Right, roles: Roles) -> bool {
        right.is_held(self.identity.kind, self.identity.permissions, roles)
    }

    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    /// What is written down as the author of a change: a login name, an app's name.
    pub(crate) fn name(&self) -> &str {
        &self.identity.name
    }

    /// The user's id, or the app's client id.
    pub(crate) fn id(&self) -> &str {
        &self.identity.id
    }

    /// Whether a user has logged in with a password, as opposed to a token that an app holds.
    pub(crate) fn is_session(&self) -> bool {
        matches!(self.identity.kind, Kind::Session | Kind::Operator)
    }

    /// Whether it is an app on its own account, or the platform itself.
    pub(crate) fn is_app(&self) -> bool {
        self.identity.kind == Kind::AppToken
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }
}
