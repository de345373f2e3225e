//! What a program can do with WASI, one thing per command; what it prints is the same in every run.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::BuildHasher;
use std::io::{self, BufRead, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn number(args: &[String], at: usize) -> u64 {
    args.get(at).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn surroundings(args: &[String]) {
    println!("{args:?}");
    let mut vars: Vec<_> = std::env::vars().collect();
    vars.sort();
    println!("{vars:?}");
}

/// Lines of stdin to stdout, their lengths to stderr.
fn lines() {
    for line in io::stdin().lock().lines() {
        let line = line.unwrap();
        println!("{}", line.to_uppercase());
        eprintln!("{}", line.len());
    }
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(*byte))
}

/// All of stdin, whatever bytes they are.
fn read() {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).unwrap();
    println!("{} bytes, sum {}", bytes.len(), sum(&bytes));
}

/// As many bytes, of all values, in pieces of 64 KiB.
fn write(count: u64) {
    let block: Vec<u8> = (0..65536u32).map(|i| (i * 7 % 256) as u8).collect();
    let mut out = io::stdout().lock();
    let mut left = count as usize;
    while left > 0 {
        let part = left.min(block.len());
        if let Err(error) = out.write_all(&block[..part]) {
            eprintln!("write: {:?}", error.kind());
            std::process::exit(1);
        }
        left -= part;
    }
    if let Err(error) = out.flush() {
        eprintln!("flush: {:?}", error.kind());
    }
}

fn list(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| format!("{} {}", entry.file_name().to_string_lossy(), entry.file_type().unwrap().is_dir()))
        .collect();
    names.sort();
    names
}

fn files(folder: &str) {
    let folder = Path::new(folder);
    let (first, second) = (folder.join("first.bin"), folder.join("inner/h\u{e9}.bin"));
    let bytes: Vec<u8> = (0..200_000u32).map(|i| (i * 31 % 256) as u8).collect();
    fs::create_dir(folder.join("inner")).unwrap();
    fs::write(&first, &bytes).unwrap();
    println!("{:?}", list(folder));
    fs::OpenOptions::new().append(true).open(&first).unwrap().write_all(b"more").unwrap();
    println!("{} bytes", fs::metadata(&first).unwrap().len());
    fs::rename(&first, &second).unwrap();
    let found = fs::read(&second).unwrap();
    println!("{}", found[..200_000] == bytes[..] && &found[200_000..] == b"more");
    println!("{:?} {:?}", list(folder), list(&folder.join("inner")));
    println!("{:?}", fs::read(&first).map_err(|error| error.kind()));
    println!("{:?}", fs::create_dir(folder.join("inner")).map_err(|error| error.kind()));
    println!("{:?}", fs::read("../outside").map_err(|error| error.kind()));
    fs::remove_file(&second).unwrap();
    fs::remove_dir(folder.join("inner")).unwrap();
    println!("{:?}", list(folder));
}

fn read_only(folder: &str) {
    let folder = Path::new(folder);
    println!("{:?}", list(folder));
    println!("{:?}", fs::read_to_string(folder.join("given.txt")));
    println!("{:?}", fs::write(folder.join("new.txt"), b"x").map_err(|error| error.kind()));
    println!("{:?}", fs::remove_file(folder.join("given.txt")).map_err(|error| error.kind()));
    println!("{:?}", fs::create_dir(folder.join("new")).map_err(|error| error.kind()));
}

fn clocks() {
    let (start, now) = (Instant::now(), SystemTime::now());
    std::thread::sleep(Duration::from_millis(20));
    let took = start.elapsed();
    println!("{} {}", took >= Duration::from_millis(20), took < Duration::from_secs(5));
    println!("{}", now.duration_since(UNIX_EPOCH).unwrap().as_secs() > 1_700_000_000);
    println!("{}", SystemTime::now() > now);
}

fn random() {
    let hash = |state: RandomState| state.hash_one(1);
    println!("{}", hash(RandomState::new()) != hash(RandomState::new()));
}

/// A timer each: as many pollables.
fn timers(count: u64) {
    for _ in 0..count {
        std::thread::sleep(Duration::from_nanos(1));
    }
    println!("{count} timers");
}

fn tcp(address: &str) {
    match TcpStream::connect(address) {
        Err(error) => println!("connect: {:?}", error.kind()),
        Ok(mut stream) => {
            let sent: Vec<u8> = (0..100_000u32).map(|i| (i * 13 % 256) as u8).collect();
            let mut found = vec![0; sent.len()];
            for (out, back) in sent.chunks(8192).zip(found.chunks_mut(8192)) {
                stream.write_all(out).unwrap();
                stream.read_exact(back).unwrap();
            }
            println!("echo: {}", sent == found);
        }
    }
}

fn lookup(name: &str) {
    match (name, 80).to_socket_addrs() {
        Ok(found) => println!("{}", found.map(|at| at.ip().is_loopback()).all(|is| is)),
        Err(_) => println!("not found"),
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = |at: usize| args.get(at).map_or("", String::as_str);
    match text(1) {
        "lines" => lines(),
        "read" => read(),
        "write" => write(number(&args, 2)),
        "files" => files(text(2)),
        "read-only" => read_only(text(2)),
        "clocks" => clocks(),
        "random" => random(),
        "timers" => timers(number(&args, 2)),
        "sleep" => std::thread::sleep(Duration::from_millis(number(&args, 2))),
        "tcp" => tcp(text(2)),
        "lookup" => lookup(text(2)),
        "exit" => std::process::exit(number(&args, 2) as i32),
        "panic" => panic!("on purpose"),
        _ => surroundings(&args),
    }
}
