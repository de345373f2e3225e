//! What calls cost with wasm-link: the same guests and the same steps as bench-calls.
//!
//!     peer-wasm-link OPS.wasm TAGGED-CALLER.wasm
//!
//! Prints one line for each case, its name and the least time of a call in nanoseconds.
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::time::Instant;

use wasm_link::cardinality::{Any, ExactlyOne};
use wasm_link::{
    Binding, Component, Engine, Function, FunctionKind, Interface, Linker, Plugin, PluginContext,
    PluginInstanceSync, ResourceTable, ReturnKind, Val,
};

const BYTES: usize = 65536;
const STRING: usize = 1024;
const ROUNDS: usize = 25;

struct Context {
    resource_table: ResourceTable,
}

impl Context {
    fn new() -> Self {
        Self { resource_table: ResourceTable::new() }
    }
}

impl PluginContext for Context {
    fn resource_table(&mut self) -> &mut ResourceTable {
        &mut self.resource_table
    }
}

type One = Binding<String, Context>;

fn interface(functions: &[&str]) -> Interface {
    let described = functions.iter().map(|name| {
        let function = Function::new(FunctionKind::Freestanding, ReturnKind::AssumeNoResources);
        (name.to_string(), function)
    });
    Interface::new(described.collect(), HashSet::new())
}

fn interfaces(name: &str, functions: &[&str]) -> HashMap<String, Interface> {
    HashMap::from([(name.to_string(), interface(functions))])
}

fn instance(engine: &Engine, component: &Component) -> Result<PluginInstanceSync<Context>, Box<dyn Error>> {
    let linker = Linker::new(engine);
    Ok(Plugin::new(component.clone(), Context::new()).instantiate(engine, &linker)?)
}

/// The least time of a call over all rounds, printed. `inside`: how many calls one of them makes.
fn measure_inside(name: &str, times: usize, inside: u32, mut call: impl FnMut()) {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..times {
            call();
        }
        best = best.min(start.elapsed().as_nanos() as f64 / times as f64);
    }
    println!("{name} {:.1}", best / f64::from(inside));
}

fn measure(name: &str, times: usize, call: impl FnMut()) {
    measure_inside(name, times, 1, call);
}

/// The value of the one plugin's answer.
fn dispatch(binding: &One, interface: &str, function: &str, args: &[Val]) -> Val {
    match binding.dispatch(interface, function, args) {
        Ok(ExactlyOne(_, Ok(value))) => value,
        _ => panic!("{interface}.{function} failed"),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let engine = Engine::default();
    let ops = Component::from_file(&engine, &paths[0])?;
    let caller = Component::from_file(&engine, &paths[1])?;
    let functions = ["add", "sum", "echo"];

    let one: One = Binding::new(
        "bench:plugins",
        interfaces("ops", &functions),
        ExactlyOne("ops".to_string(), instance(&engine, &ops)?),
    );
    let sum = [Val::U32(1), Val::U32(2)];
    measure("add", 1000, || assert_eq!(dispatch(&one, "ops", "add", &sum), Val::U32(3)));
    let text = "a".repeat(STRING);
    measure("echo", 1000, || {
        dispatch(&one, "ops", "echo", &[Val::String(text.clone())]);
    });
    measure("sum", 2, || {
        let list = vec![0u8; BYTES].into_iter().map(Val::U8).collect();
        dispatch(&one, "ops", "sum", &[Val::List(list)]);
    });

    let plugin = Plugin::new(caller, Context::new()).link(&engine, Linker::new(&engine), vec![one])?;
    let run: One = Binding::new(
        "bench:caller",
        interfaces("run", &["add", "sum"]),
        ExactlyOne("caller".to_string(), plugin),
    );
    const CALLS: u32 = 1000;
    measure_inside("two-add", 1, CALLS, || {
        dispatch(&run, "run", "add", &[Val::U32(CALLS)]);
    });
    measure("two-sum", 1, || {
        dispatch(&run, "run", "sum", &[Val::U32(1), Val::U32(BYTES as u32)]);
    });

    let all = (0..16).map(|i| Ok((format!("ops-{i}"), instance(&engine, &ops)?)));
    let all: HashMap<String, _> = all.collect::<Result<_, Box<dyn Error>>>()?;
    let many: Binding<String, Context, Any<String, PluginInstanceSync<Context>>> =
        Binding::new("bench:plugins", interfaces("ops", &functions), Any(all));
    measure("broadcast", 100, || {
        many.dispatch("ops", "add", &sum).ok().expect("a broadcast");
    });
    measure("instantiate", 100, || {
        instance(&engine, &ops).expect("an instance");
    });
    Ok(())
}
