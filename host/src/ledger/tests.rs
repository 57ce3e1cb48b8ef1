//! The rules of the ledger, on a real database.

use super::*;
use crate::{
    artifacts::ContentHash,
    lambda::{DeploymentRecord, DeploymentState},
    store::SledStore,
};

fn open() -> (tempfile::TempDir, Ledger) {
    let dir = tempfile::tempdir().unwrap();
    let store = SledStore::open(&dir.path().join("database")).unwrap();
    (
        dir,
        Ledger::open(
            Arc::new(store),
            AccountLimits { functions: 3, deployed: 2, ..AccountLimits::default() },
        )
        .unwrap(),
    )
}

fn written<'a>(name: &str, source: &'a str) -> Written<'a> {
    let definition = Definition {
        name: name.to_owned(),
        description: "d".to_owned(),
        event_id: None,
        skills: Vec::new(),
        sample_payload: None,
        source: ContentHash::of(source.as_bytes()),
        environment: Vec::new(),
        dependencies: Vec::new(),
        reuse: false,
    };
    Written { definition, source }
}

fn deploy(ledger: &Ledger, lambda: Uuid, end: DeploymentState) -> DeploymentRecord {
    let mut deployment = ledger.begin_deployment("a", lambda, "me").unwrap();
    if end == DeploymentState::DeployFinish {
        ledger.commit_deployment(&deployment).unwrap();
    }
    deployment.state = end;
    ledger.end_deployment(&mut deployment).unwrap();
    deployment
}

#[test]
fn names_are_unique_per_account_and_free_after_a_delete() {
    let (_dir, ledger) = open();
    let first = ledger.create("a", written("one", "1"), "me").unwrap();
    assert!(matches!(ledger.create("a", written("one", "2"), "me"), Err(LedgerError::NameTaken(_))));
    ledger.create("b", written("one", "1"), "me").unwrap();
    ledger.delete("a", first.uuid, "me").unwrap();
    ledger.create("a", written("one", "1"), "me").unwrap();
}

#[test]
fn the_number_of_lambdas_is_bounded_per_account() {
    let (_dir, ledger) = open();
    ledger.create("b", written("x", "1"), "me").unwrap();
    let lambdas: Vec<_> =
        ["x", "y", "z"].map(|name| ledger.create("a", written(name, "1"), "me").unwrap()).into();
    assert!(matches!(ledger.create("a", written("w", "1"), "me"), Err(LedgerError::TooMany("functions", 3))));
    ledger.delete("a", lambdas[0].uuid, "me").unwrap();
    ledger.create("a", written("w", "1"), "me").unwrap();
}

#[test]
fn a_save_needs_the_newest_version_and_a_difference() {
    let (_dir, ledger) = open();
    let lambda = ledger.create("a", written("one", "1"), "me").unwrap();
    let save = |version, source| ledger.save("a", lambda.uuid, version, written("one", source), "me");
    assert!(matches!(save(1, "1").unwrap(), Saved::Unchanged(_)));
    let Saved::Changed(changed) = save(1, "2").unwrap() else { panic!() };
    assert_eq!((changed.version, changed.state), (2, LambdaState::Draft));
    assert!(matches!(save(1, "3"), Err(LedgerError::Stale { given: 1, newest: 2 })));
    assert_eq!(ledger.source(lambda.uuid, &changed.definition.source).unwrap(), "2");
    for (version, source) in (2..).zip(["22", "33", "44", "55", "66"]) {
        save(version, source).unwrap();
        assert_eq!(ledger.source(lambda.uuid, &lambda.definition.source).is_ok(), version < 5, "{version}");
    }
    assert!(matches!(
        ledger.save("b", lambda.uuid, 7, written("one", "4"), "me"),
        Err(LedgerError::Missing(_))
    ));
}

#[test]
fn nothing_changes_while_a_deployment_runs() {
    let (_dir, ledger) = open();
    let lambda = ledger.create("a", written("one", "1"), "me").unwrap();
    let mut deployment = ledger.begin_deployment("a", lambda.uuid, "me").unwrap();
    for state in [DeploymentState::BuildStart, DeploymentState::BuildFinish, DeploymentState::DeployStart] {
        ledger.advance(&mut deployment, state).unwrap();
        assert!(matches!(ledger.begin_deployment("a", lambda.uuid, "me"), Err(LedgerError::Deploying)));
        let saved = ledger.save("a", lambda.uuid, 1, written("one", "2"), "me");
        assert!(matches!(saved, Err(LedgerError::Deploying)));
        assert!(matches!(ledger.delete("a", lambda.uuid, "me"), Err(LedgerError::Deploying)));
        assert!(matches!(ledger.mark_undeployed("a", lambda.uuid, "me"), Err(LedgerError::Deploying)));
    }
    ledger.commit_deployment(&deployment).unwrap();
    deployment.state = DeploymentState::DeployFinish;
    ledger.end_deployment(&mut deployment).unwrap();
    assert_eq!(ledger.lambda("a", lambda.uuid).unwrap().state, LambdaState::Productive);
    assert!(matches!(ledger.delete("a", lambda.uuid, "me"), Err(LedgerError::StillDeployed(_))));
}

#[test]
fn a_failed_deployment_leaves_the_productive_one() {
    let (_dir, ledger) = open();
    let lambda = ledger.create("a", written("one", "1"), "me").unwrap();
    let good = deploy(&ledger, lambda.uuid, DeploymentState::DeployFinish);
    for (end, state) in [
        (DeploymentState::BuildError, LambdaState::BuildError),
        (DeploymentState::DeployError, LambdaState::DeployError),
    ] {
        deploy(&ledger, lambda.uuid, end);
        let now = ledger.lambda("a", lambda.uuid).unwrap();
        assert_eq!((now.state, now.productive), (state, Some(good.sequence)));
    }
}

#[test]
fn old_deployments_go_with_their_sources_but_never_the_productive_one() {
    let (_dir, ledger) = open();
    let lambda = ledger.create("a", written("one", "0"), "me").unwrap();
    let good = deploy(&ledger, lambda.uuid, DeploymentState::DeployFinish);
    for version in 1..10 {
        let source = version.to_string();
        ledger.save("a", lambda.uuid, version, written("one", &source), "me").unwrap();
        deploy(&ledger, lambda.uuid, DeploymentState::BuildError);
    }
    let mut kept = Vec::new();
    ledger
        .each_deployment(lambda.uuid, |deployment| {
            assert!(ledger.source(lambda.uuid, &deployment.source).is_ok());
            kept.push(deployment.sequence);
            Ok(())
        })
        .unwrap();
    assert_eq!(kept, [good.sequence, 7, 8, 9, 10]);
    assert!(ledger.source(lambda.uuid, &ContentHash::of(b"3")).is_err());
}

#[test]
fn an_undeployment_is_final_at_once_and_ends_in_draft() {
    let (_dir, ledger) = open();
    let lambda = ledger.create("a", written("one", "1"), "me").unwrap();
    assert!(matches!(ledger.mark_undeployed("a", lambda.uuid, "me"), Err(LedgerError::NotDeployed(_))));
    deploy(&ledger, lambda.uuid, DeploymentState::DeployFinish);
    ledger.mark_undeployed("a", lambda.uuid, "me").unwrap();
    let now = ledger.lambda("a", lambda.uuid).unwrap();
    assert_eq!((now.state, now.productive), (LambdaState::MarkedUndeployed, None));
    assert!(matches!(ledger.begin_deployment("a", lambda.uuid, "me"), Err(LedgerError::Deploying)));
    ledger.end_undeployment("a", lambda.uuid).unwrap();
    assert_eq!(ledger.lambda("a", lambda.uuid).unwrap().state, LambdaState::Draft);
    ledger.delete("a", lambda.uuid, "me").unwrap();
}

#[test]
fn nothing_of_a_deleted_lambda_is_left() {
    let (_dir, ledger) = open();
    let mut new = written("one", "1");
    new.definition.event_id = Some("conversational_command".to_owned());
    let lambda = ledger.create("a", new, "me").unwrap();
    deploy(&ledger, lambda.uuid, DeploymentState::BuildError);
    let definition = Definition { source: ContentHash::of(b"2"), ..lambda.definition };
    ledger.save("a", lambda.uuid, 1, Written { definition, source: "2" }, "me").unwrap();
    ledger.delete("a", lambda.uuid, "me").unwrap();
    let mut left = 0;
    for shelf in
        [Shelf::Deployment, Shelf::EventPlace, Shelf::Lambda, Shelf::Name, Shelf::Source, Shelf::Version]
    {
        ledger
            .store
            .scan(&Key::new(shelf, &[]), &mut |_, _| {
                left += 1;
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(left, 0);
}
