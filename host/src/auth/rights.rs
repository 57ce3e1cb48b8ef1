//! The matrix: which permission holds which right. The rows of the guide stand here as they are there; what the
//! guide does not speak of follows the platform's later documentation or, where that is silent too, the rule that
//! looking is for those who work with a thing and changing for those who answer for it.

#![allow(dead_code, reason = "the matrix is whole; the calls that need one of its rows come one by one")]

use super::{permissions::Permissions, principal::Kind};

/// Which edition of the platform's rules decides where they differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roles {
    /// The matrix of the 2019 guide.
    #[default]
    Guide,
    /// The later, stricter rules: nobody reads a secret in plain over the API; FaaS-Invocation also reads lambdas.
    Later,
}

/// Something that may be done: a subject and a verb, and who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) subject: &'static str,
    pub(crate) verb: &'static str,
    guide: Permissions,
    later: Permissions,
    /// Also with the token of an app, which belongs to no user.
    app: bool,
    /// Also by the operator, in every account.
    operator: bool,
    /// Also by someone who has yet to replace a password given by somebody else.
    newcomer: bool,
}

const ADMIN: Permissions = Permissions::ADMIN.and(Permissions::LPA);
const DEVELOPER: Permissions = Permissions::DEVELOPER.and(Permissions::LPA);
const BOTH: Permissions = ADMIN.and(DEVELOPER);
const CALLERS: Permissions = DEVELOPER.and(Permissions::INVOCATION);
const EVERYBODY: Permissions = BOTH.and(Permissions::INVOCATION);
const LPA: Permissions = Permissions::LPA;

const fn right(subject: &'static str, verb: &'static str, holders: Permissions) -> Right {
    Right { subject, verb, guide: holders, later: holders, app: false, operator: false, newcomer: false }
}

// The guide's matrix.
pub(crate) const LAMBDA_READ: Right = Right { later: EVERYBODY, ..right("lambda", "read", BOTH) };
pub(crate) const LAMBDA_WRITE: Right = right("lambda", "create/edit/delete", DEVELOPER);
pub(crate) const LAMBDA_DEPLOY: Right = right("lambda", "deploy", DEVELOPER);
pub(crate) const LAMBDA_INVOKE: Right = Right { app: true, ..right("lambda", "invoke", CALLERS) };
pub(crate) const WHITELIST_WRITE: Right = right("whitelist", "create/edit/delete", ADMIN);
pub(crate) const WHITELIST_READ: Right = right("whitelist", "read", BOTH);
pub(crate) const SECRET_WRITE: Right = right("secret", "create/edit/delete", ADMIN);
pub(crate) const SECRET_READ_PLAIN: Right =
    Right { later: Permissions::NONE, ..right("secret", "read plain", ADMIN) };
pub(crate) const SECRET_READ_CRYPTED: Right = right("secret", "read crypted", BOTH);

/// Whether an event has functions: asked by those who would invoke them, and by those who read them anyway.
pub(crate) const EVENT_ASK: Right = Right { app: true, ..right("event", "ask", EVERYBODY) };

// What came to the platform later.
pub(crate) const SCHEDULE_READ: Right = right("schedule", "read", BOTH);
pub(crate) const SCHEDULE_WRITE: Right = right("schedule", "create/edit/delete", BOTH);
pub(crate) const LOG_READ: Right = right("log", "read", BOTH);
pub(crate) const REPORT_READ: Right = right("report", "read", BOTH);

// Lambkin's own.
pub(crate) const ACTIVITY_READ: Right = right("activity", "read", BOTH);
pub(crate) const EVENT_READ: Right = right("event", "read", BOTH);
pub(crate) const TEMPLATE_READ: Right = right("template", "read", BOTH);
pub(crate) const PLATFORM_READ: Right = right("platform", "read", EVERYBODY);
pub(crate) const APP_READ: Right = Right { operator: true, ..right("app", "read", BOTH) };
pub(crate) const APP_WRITE: Right = Right { operator: true, ..right("app", "create/edit/delete", ADMIN) };
pub(crate) const USER_READ: Right = Right { operator: true, ..right("user", "read", ADMIN) };
pub(crate) const USER_WRITE: Right = Right { operator: true, ..right("user", "create/edit/delete", LPA) };
pub(crate) const PROFILE_READ: Right = Right { operator: true, ..right("profile", "read", ADMIN) };
pub(crate) const PROFILE_WRITE: Right =
    Right { operator: true, ..right("profile", "create/edit/delete", LPA) };
pub(crate) const ACCOUNT_READ: Right = Right { operator: true, ..right("account", "read", EVERYBODY) };
pub(crate) const ACCOUNT_EDIT: Right = Right { operator: true, ..right("account", "edit", LPA) };
pub(crate) const ACCOUNT_MANAGE: Right =
    Right { operator: true, ..right("account", "create/delete", Permissions::NONE) };
/// Numbers about the whole server, which tell of all accounts together.
pub(crate) const METRICS_READ: Right =
    Right { operator: true, ..right("metrics", "read", Permissions::NONE) };
/// One's own session and password: also with a password that must be changed first.
pub(crate) const OWN: Right =
    Right { operator: true, newcomer: true, ..right("own session", "use", EVERYBODY) };

impl Right {
    /// Whether a caller of this kind with these permissions has it, in their own account.
    pub(crate) const fn is_held(&self, kind: Kind, permissions: Permissions, roles: Roles) -> bool {
        match kind {
            Kind::AppToken => self.app,
            Kind::Operator => self.operator,
            Kind::InvokeToken => self.app && self.holders(roles).meets(permissions),
            Kind::Session | Kind::UserToken => self.holders(roles).meets(permissions),
        }
    }

    /// The permissions that give it.
    pub(crate) const fn holders(&self, roles: Roles) -> Permissions {
        match roles {
            Roles::Guide => self.guide,
            Roles::Later => self.later,
        }
    }

    /// Whether the operator has it in every account.
    pub(crate) const fn is_operators(&self) -> bool {
        self.operator
    }

    /// Whether an app has it.
    pub(crate) const fn is_apps(&self) -> bool {
        self.app
    }

    /// Whether someone who must change the password first has it.
    pub(crate) const fn is_newcomers(&self) -> bool {
        self.newcomer
    }
}
