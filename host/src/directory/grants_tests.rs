//! Codes and tokens with the clock in the tests' hands.

use super::*;
use crate::{
    auth::Permissions,
    directory::{NewUser, apps::AppMetadata},
    oauth::GrantTypes,
    store::{Store, faulty::FaultyStore},
};
use std::sync::Arc;

const NOW: u64 = 4_000_000_000_000;
const URI: &str = "https://app.example/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct House {
    store: Arc<FaultyStore>,
    directory: Directory,
    app: AppRecord,
    user: UserRecord,
}

fn hash(text: &str) -> TokenHash {
    TokenHash::of(text.as_bytes())
}

fn app(account: &str, id: &str) -> AppRecord {
    let metadata = AppMetadata {
        name: "an app".to_owned(),
        grant_types: GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN),
        scope: Scope::INVOKE,
        redirect_uris: vec![URI.to_owned()],
    };
    AppRecord::new(account, id.to_owned(), Some(hash("secret").to_hex()), metadata, "me")
}

impl House {
    fn new() -> Self {
        let store = Arc::new(FaultyStore::default());
        let directory = Directory::new(Arc::clone(&store) as Arc<dyn Store>);
        let new = NewUser {
            login_name: "ada".to_owned(),
            full_name: String::new(),
            email: String::new(),
            password: String::new(),
            newcomer: false,
        };
        let user =
            directory.create_account("1", "one", vec![(new, Permissions::LPA)], "me").unwrap().remove(0);
        let app = app("1", "app");
        directory.create_app(&app, 9).unwrap();
        Self { store, directory, app, user }
    }

    fn agree(&self, code: &str, challenge: Option<&str>) {
        let grant =
            GrantRecord::new(&self.app, &self.user, (Scope::INVOKE.and(Scope::OPENID), false), None, NOW);
        let record = CodeRecord {
            account: "1".to_owned(),
            grant: grant.id,
            redirect_uri: URI.to_owned(),
            named: true,
            challenge: challenge.map(str::to_owned),
            expires_at: NOW + CODE_LIFE,
            used: false,
        };
        self.directory.agree(&grant, &hash(code), &record, &self.app, "ada").unwrap();
    }

    fn exchange(&self, code: &str, tokens: &str, now: u64) -> Result<Given, GrantError> {
        let (access, refresh) = (hash(&format!("a{tokens}")), hash(&format!("r{tokens}")));
        let brought = Brought { code: &hash(code), redirect_uri: Some(URI), verifier: None };
        self.directory.exchange(&self.app, brought, Fresh { access: &access, refresh: Some(&refresh) }, now)
    }

    fn refresh(&self, old: &str, tokens: &str, now: u64) -> Result<Given, GrantError> {
        let (access, refresh) = (hash(&format!("a{tokens}")), hash(&format!("r{tokens}")));
        let fresh = Fresh { access: &access, refresh: Some(&refresh) };
        self.directory.refresh(&self.app, &hash(&format!("r{old}")), None, fresh, now)
    }

    fn opens(&self, tokens: &str, now: u64) -> bool {
        self.directory.granted(&hash(&format!("a{tokens}")), now).unwrap().is_some()
    }
}

fn invalid(outcome: Result<Given, GrantError>) -> bool {
    matches!(outcome, Err(GrantError::Invalid(_)))
}

#[test]
fn a_code_is_good_for_a_minute_and_its_tokens_for_their_time() {
    let house = House::new();
    house.agree("code", None);
    assert!(invalid(house.exchange("code", "1", NOW + CODE_LIFE)), "a minute later");
    let given = house.exchange("code", "1", NOW + CODE_LIFE - 1).unwrap();
    assert_eq!((given.user.id, given.scope), (house.user.id, Scope::INVOKE.and(Scope::OPENID)));
    let at = NOW + CODE_LIFE - 1;
    assert!(
        house.opens("1", at) && house.opens("1", at + ACCESS_LIFE - 1) && !house.opens("1", at + ACCESS_LIFE)
    );
    assert!(invalid(house.refresh("1", "2", at + GRANT_LIFE)), "nobody refreshed for too long");
    house.refresh("1", "2", at + GRANT_LIFE - 1).unwrap();
    assert!(house.opens("2", at + GRANT_LIFE));
}

#[test]
fn a_code_that_comes_again_takes_everything_back() {
    let house = House::new();
    house.agree("code", None);
    house.exchange("code", "1", NOW).unwrap();
    house.refresh("1", "2", NOW).unwrap();
    assert!(house.opens("1", NOW) && house.opens("2", NOW));
    // Also much later.
    assert!(matches!(house.exchange("code", "3", NOW + GRANT_LIFE / 2), Err(GrantError::Reused)));
    assert!(!house.opens("1", NOW) && !house.opens("2", NOW));
    assert!(invalid(house.refresh("2", "4", NOW)));
}

#[test]
fn a_refresh_token_that_comes_again_takes_everything_back() {
    let house = House::new();
    house.agree("code", None);
    house.exchange("code", "1", NOW).unwrap();
    house.refresh("1", "2", NOW).unwrap();
    house.refresh("2", "3", NOW).unwrap();
    assert!(house.opens("3", NOW));
    assert!(matches!(house.refresh("1", "4", NOW), Err(GrantError::Reused)));
    assert!(!house.opens("3", NOW));
    assert!(invalid(house.refresh("3", "5", NOW)));
    assert!(invalid(house.refresh("unknown", "5", NOW)));
}

#[test]
fn a_code_is_for_its_app_its_uri_and_its_verifier() {
    let house = House::new();
    house.agree("plain", None);
    house.agree("pkce", Some(CHALLENGE));
    let attempt = |app: &AppRecord, code: &str, redirect_uri: Option<&str>, verifier: Option<&str>| {
        let code = hash(code);
        let brought = Brought { code: &code, redirect_uri, verifier };
        let (access, refresh) = (hash("a"), hash("r"));
        house.directory.exchange(app, brought, Fresh { access: &access, refresh: Some(&refresh) }, NOW)
    };
    for other in [app("1", "other"), app("2", "app")] {
        assert!(invalid(attempt(&other, "plain", Some(URI), None)));
    }
    for uri in [None, Some(""), Some("https://app.example/callback/"), Some("https://evil.example/")] {
        assert!(invalid(attempt(&house.app, "plain", uri, None)), "{uri:?}");
    }
    assert!(invalid(attempt(&house.app, "plain", Some(URI), Some(VERIFIER))), "no challenge came before it");
    for verifier in [None, Some(""), Some(CHALLENGE), Some("wrong")] {
        assert!(invalid(attempt(&house.app, "pkce", Some(URI), verifier)), "{verifier:?}");
    }
    let mut public = house.app.clone();
    public.secret = None;
    assert!(invalid(attempt(&public, "plain", Some(URI), None)), "nothing proves the app");
    // None of that used the codes up.
    attempt(&house.app, "plain", Some(URI), None).unwrap();
    attempt(&public, "pkce", Some(URI), Some(VERIFIER)).unwrap();
}

#[test]
fn a_grant_ends_with_its_user_password_or_account() {
    let house = House::new();
    house.agree("code", None);
    house.exchange("code", "1", NOW).unwrap();
    // A password that is changed after the user agreed: the grant is from the far future, so it is moved back.
    let key = |id| grant_key("1", id);
    let (mut grant, ..) = house.directory.granted(&hash("a1"), NOW).unwrap().unwrap();
    grant.created_at = house.user.valid_from;
    let mut batch = Batch::default();
    batch.put(key(grant.id), &grant).unwrap();
    house.store.apply(batch).unwrap();
    assert!(house.opens("1", NOW));
    house.directory.set_password("1", house.user.id, String::new(), false, "ada").unwrap();
    assert!(!house.opens("1", NOW) && invalid(house.refresh("1", "2", NOW)));
}

#[test]
fn revoking_is_for_the_owner_and_a_refresh_token_takes_the_rest_along() {
    let house = House::new();
    house.agree("code", None);
    house.exchange("code", "1", NOW).unwrap();
    house.refresh("1", "2", NOW).unwrap();
    let revoke = |app: &AppRecord, token: &str| house.directory.revoke_token(app, &hash(token)).unwrap();
    assert_eq!(revoke(&app("1", "other"), "a1"), Revoked::Foreign);
    assert_eq!(revoke(&app("2", "app"), "r2"), Revoked::Foreign);
    assert_eq!(revoke(&house.app, "nothing"), Revoked::Void);
    assert_eq!(revoke(&house.app, "a1"), Revoked::Void);
    assert!(!house.opens("1", NOW) && house.opens("2", NOW));
    assert_eq!(revoke(&house.app, "r2"), Revoked::Void);
    assert!(!house.opens("2", NOW) && invalid(house.refresh("2", "3", NOW)));
}

#[test]
fn what_has_expired_is_swept_and_a_grant_never_grows() {
    let house = House::new();
    house.agree("code", None);
    house.exchange("code", "0", NOW).unwrap();
    for n in 0..100 {
        let given = house.refresh(&n.to_string(), &(n + 1).to_string(), NOW).unwrap();
        assert!(given.grant.spent.len() <= AT_ONCE && given.grant.access.len() <= AT_ONCE);
        assert_eq!(given.gone.len(), usize::from(n + 2 > i32::try_from(AT_ONCE).unwrap()), "{n}");
    }
    assert!(!house.opens("1", NOW) && house.opens("100", NOW));
    assert_eq!(house.directory.sweep_grants(NOW).unwrap(), 0);
    assert_eq!(house.directory.sweep_grants(NOW + ACCESS_LIFE).unwrap(), AT_ONCE);
    assert!(matches!(house.exchange("code", "x", NOW + ACCESS_LIFE), Err(GrantError::Reused)), "still known");
    house.directory.sweep_grants(NOW + 2 * GRANT_LIFE).unwrap();
    let mut left = 0;
    house
        .store
        .scan(&Key::new(Shelf::Token, &[]), &mut |_, _| {
            left += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_crash_leaves_a_code_used_with_its_tokens_or_not_used_at_all() {
    use crate::store::faulty::Fault;
    let house = House::new();
    house.agree("code", None);
    for fault in [Fault::Before, Fault::After, Fault::Full] {
        for at in 0.. {
            let store = house.store.survivors().pop().unwrap();
            let over = |store: &Arc<FaultyStore>| House {
                store: Arc::clone(store),
                directory: Directory::new(Arc::clone(store) as Arc<dyn Store>),
                app: house.app.clone(),
                user: house.user.clone(),
            };
            let broken = over(&store);
            store.breaking(at, fault);
            let outcome = broken.exchange("code", "1", NOW);
            if !store.broke() {
                outcome.unwrap();
                break;
            }
            assert!(outcome.is_err(), "acknowledged without being written");
            for survivor in store.survivors() {
                let after = over(&survivor);
                let had = after.opens("1", NOW);
                match after.exchange("code", "2", NOW) {
                    Ok(_) => assert!(!had),
                    Err(error) => assert!(had && matches!(error, GrantError::Reused), "{error}"),
                }
            }
        }
    }
}
