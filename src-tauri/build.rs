//! Makes from the declarations of the commands what else has to know them: the handler, and what the one window may do.

use std::path::PathBuf;

#[path = "declared.rs"]
mod declared;

/// What the page may ask of Tauri itself.
const EVENTS: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];

fn main() {
    println!("cargo:rerun-if-changed=src/commands");
    let commands = declared::commands("src/commands".as_ref());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder"));
    let paths: Vec<String> = commands.iter().map(|c| format!("commands::{}::{}", c.module, c.name)).collect();
    let handler = format!("tauri::generate_handler![{}]", paths.join(", "));
    std::fs::write(out.join("handler.rs"), handler).expect("handler.rs");
    let allowed = commands.iter().map(|c| format!("allow-{}", c.name.replace('_', "-")));
    let permissions: Vec<String> =
        EVENTS.map(str::to_owned).into_iter().chain(allowed).map(|p| format!("{p:?}")).collect();
    let capability = format!(
        r#"{{ "identifier": "main", "description": "What the one window may do: the commands of this program and listening to its events. No files, no shell, no network.", "windows": ["main"], "permissions": [{}] }}"#,
        permissions.join(", ")
    );
    let folder = out.join("capabilities");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("main.json"), capability).expect("main.json");
    let pattern: &'static str = Box::leak(folder.join("*.json").display().to_string().into_boxed_str());
    let names: Vec<&'static str> = commands.into_iter().map(|c| &*c.name.leak()).collect();
    let manifest = tauri_build::AppManifest::new().commands(names.leak());
    let attributes = tauri_build::Attributes::new().app_manifest(manifest).capabilities_path_pattern(pattern);
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
