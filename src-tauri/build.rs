//! Lists the commands, so that each needs a line in the capability file.

fn main() {
    let commands = include_str!("commands.txt");
    println!("cargo:rerun-if-changed=commands.txt");
    let names: Vec<&'static str> = commands.lines().filter(|l| !l.is_empty()).collect();
    let manifest = tauri_build::AppManifest::new().commands(Box::leak(names.into_boxed_slice()));
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
