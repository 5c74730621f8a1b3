//! The department's documents as a file, one a line and each as it is, version 1 first.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use catalogue::say;
use relay::store::Taken;

use super::arguments::DepartmentCommand;
use super::changing::show_newest;
use super::{department as department_of, existing, made, now, text_of};

/// Writes a file that is not there yet, whole or not at all.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let written = OpenOptions::new().write(true).create_new(true).open(path).map(|mut file| {
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
            drop(std::fs::remove_file(path));
        })
    });
    written.flatten().with_context(|| say!("relay-cannot-write", path = path.display()))
}

pub(super) fn department(command: DepartmentCommand) -> anyhow::Result<()> {
    match command {
        DepartmentCommand::Show { data } => {
            let chain = department_of(&mut existing(&data)?)?;
            let content = chain.newest().roster().content();
            println!("{}\t{}", content.name, chain.root());
            show_newest(&chain);
        }
        DepartmentCommand::Export { data, file } => {
            let mut store = existing(&data)?;
            let chain = department_of(&mut store)?;
            let mut text = String::new();
            for (_, document) in store.documents(0, usize::MAX, usize::MAX)? {
                text.push_str(&document);
                text.push('\n');
            }
            write_new(&file, &text)?;
            show_newest(&chain);
        }
        DepartmentCommand::Import { data, file } => {
            let mut store = existing(&data)?;
            let mut chain = department_of(&mut store)?;
            let mut count = 0;
            for document in text_of(&file)?.lines() {
                let (taken, after) = store.take(document.as_bytes(), "operator", now())?;
                count += usize::from(taken == Taken::New);
                chain = after;
            }
            println!("{}", say!("relay-versions-taken", count));
            show_newest(&chain);
        }
        DepartmentCommand::Forks { data, into } => {
            let forks = existing(&data)?.forks()?;
            if let Some(folder) = &into {
                made(folder)?;
            }
            for fork in forks {
                println!("{}\t{}\t{}\t{}", fork.number, fork.sha256, fork.brought_by, fork.brought_at);
                if let Some(folder) = &into {
                    // Both are the relay's own: a number, and 64 hexadecimal digits.
                    write_new(&folder.join(format!("{}-{}.json", fork.number, fork.sha256)), &fork.document)?;
                }
            }
        }
    }
    Ok(())
}
