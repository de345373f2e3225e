wit_bindgen::generate!({ path: "../wit", world: "lang", generate_all });

use exports::test::lang::greet::{Guest, Person};
use test::words::case::{say, Word};

struct Lang;

impl Guest for Lang {
    fn hello(name: String) -> String {
        format!("Hello, {name}!")
    }

    fn older(mut person: Person, years: u32) -> Person {
        person.age += years;
        person.tags.push("older".into());
        person
    }

    fn loud(name: String) -> String {
        say(&[
            Word { text: "Hello,".into(), loud: false },
            Word { text: name + "!", loud: true },
        ])
    }

    fn sum(numbers: Vec<i64>) -> Result<i64, String> {
        if numbers.is_empty() {
            return Err("nothing to add".into());
        }
        Ok(numbers.iter().sum())
    }
}

export!(Lang);
