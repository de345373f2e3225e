use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

wit_bindgen::generate!({ path: "wit", world: "rust-splicer", generate_all });

use splicer::common::types::CallId;

static CALLS: AtomicU64 = AtomicU64::new(0);
static RETURNS: AtomicU64 = AtomicU64::new(0);

struct Counter;

impl exports::splicer::tier1::before::Guest for Counter {
    async fn on_call(_call: CallId) {
        CALLS.fetch_add(1, Relaxed);
    }
}

impl exports::splicer::tier1::after::Guest for Counter {
    async fn on_return(_call: CallId) {
        RETURNS.fetch_add(1, Relaxed);
    }
}

impl exports::test::probe::count::Guest for Counter {
    fn calls() -> u64 {
        CALLS.load(Relaxed)
    }

    fn returns() -> u64 {
        RETURNS.load(Relaxed)
    }
}

export!(Counter);
