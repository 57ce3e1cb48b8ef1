//! Who runs, who is answered, and what is forgotten when.

use std::sync::atomic::AtomicU32;

use super::*;

const ROOM: Room =
    Room { window: Duration::from_secs(60), ids: 4, all_ids: 100, bytes: 10_000, answer: 5_000 };

fn replay(room: Room) -> Arc<Replay> {
    Arc::new(Replay::new(room))
}

fn key(replay: &Replay, id: &str) -> RequestKey {
    replay.key("a", "caller", ("lambda", "1"), id, b"{}")
}

async fn answer(replay: &Arc<Replay>, id: &str, body: &'static str) -> (u16, String, bool) {
    let run = async move { Ok(Response::new(Body::from(body))) };
    show(replay.once(key(replay, id), run).await.unwrap_or_else(IntoResponse::into_response)).await
}

async fn show(response: Response<Body>) -> (u16, String, bool) {
    let replayed = response.headers().contains_key(REPLAYED);
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap(), replayed)
}

#[test]
fn a_request_is_the_same_but_for_its_time_stamp() {
    let replay = replay(ROOM);
    let of = |caller, target, id, input: &str| replay.key("a", caller, target, id, input.as_bytes());
    let one = of("c", ("lambda", "1"), "i", r#"{"timestamp": 1, "payload": {"x": 1}}"#);
    assert_eq!(one, of("c", ("lambda", "1"), "i", r#"{"timestamp": 2, "payload": {"x": 1}}"#));
    for other in [
        of("d", ("lambda", "1"), "i", r#"{"payload": {"x": 1}}"#),
        of("c", ("event", "1"), "i", r#"{"payload": {"x": 1}}"#),
        of("c", ("lambda", "1"), "j", r#"{"payload": {"x": 1}}"#),
        of("c", ("lambda", "1"), "i", r#"{"payload": {"x": 2}}"#),
        of("c", ("lambda", "1"), "i", ""),
    ] {
        assert_ne!(one, other);
    }
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_also_while_it_runs() {
    let replay = replay(ROOM);
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let runs = Arc::new(AtomicU32::new(0));
    let first = tokio::spawn({
        let (replay, runs) = (Arc::clone(&replay), Arc::clone(&runs));
        async move {
            let run = async move {
                runs.fetch_add(1, Ordering::SeqCst);
                let _ = gone.await;
                Ok(Response::new(Body::from("one")))
            };
            show(replay.once(key(&replay, "i"), run).await.unwrap()).await
        }
    });
    while runs.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    // The caller hangs up; the run goes on.
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let repeat = tokio::spawn({
        let replay = Arc::clone(&replay);
        async move { answer(&replay, "i", "two").await }
    });
    tokio::task::yield_now().await;
    go.send(()).unwrap();
    assert_eq!(repeat.await.unwrap(), (200, "one".to_owned(), true));
    assert_eq!(answer(&replay, "i", "three").await, (200, "one".to_owned(), true));
    assert_eq!(answer(&replay, "j", "three").await, (200, "three".to_owned(), false));
}

#[tokio::test]
async fn what_did_not_run_may_be_tried_again() {
    let replay = replay(ROOM);
    let refused = replay.once(key(&replay, "i"), async { Err(Refusal::shutting_down()) }).await.unwrap();
    assert_eq!(refused.status(), 503);
    assert_eq!(answer(&replay, "i", "ran").await, (200, "ran".to_owned(), false));
    let broken =
        replay.once(key(&replay, "j"), async { Err(Refusal::internal_after_run("x")) }).await.unwrap();
    assert_eq!(broken.status(), 500);
    assert_eq!(answer(&replay, "j", "ran").await.0, 500, "it may have run");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused_and_not_run_again() {
    let replay = replay(Room { answer: 600, ..ROOM });
    let long: &str = Box::leak("x".repeat(200).into_boxed_str());
    assert_eq!(answer(&replay, "i", long).await.0, 200);
    assert_eq!(answer(&replay, "i", long).await.0, 409);
    let panicked = replay.once(key(&replay, "j"), async { panic!("a run") }).await;
    assert_eq!(panicked.unwrap_err().into_response().status(), 500);
    assert_eq!(answer(&replay, "j", "again").await.0, 409);
}

#[tokio::test]
async fn memory_is_bounded_and_time_gives_it_back() {
    let replay = replay(ROOM);
    for id in ["1", "2", "3", "4", "5", "6"] {
        answer(&replay, id, "x").await;
    }
    assert_eq!(replay.ids.load(Ordering::SeqCst), 4);
    assert_eq!(answer(&replay, "6", "y").await.1, "x");
    assert_eq!(replay.bytes.load(Ordering::SeqCst), 4 * 513);
    let shard = &replay.shards[key(&replay, "1").shard];
    replay.make_room(&mut shard.lock(), Instant::now() + ROOM.window, false);
    assert_eq!((replay.ids.load(Ordering::SeqCst), replay.bytes.load(Ordering::SeqCst)), (0, 0));
    assert_eq!(answer(&replay, "6", "y").await, (200, "y".to_owned(), false));
}
