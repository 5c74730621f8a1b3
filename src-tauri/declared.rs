//! Reads the declarations of the commands from their source, for the build script (handler, permissions) and for the test
//! that keeps the page's calls up to date.

use std::path::Path;

use syn::{FnArg, Item, Pat, ReturnType, Type};

/// A command as it is declared.
#[derive(Debug)]
pub struct Declared {
    /// Module of `commands`.
    #[cfg_attr(test, allow(dead_code))]
    pub module: String,
    /// Name of the function.
    pub name: String,
    /// What the page sends: name and TypeScript type of each.
    #[cfg_attr(not(test), allow(dead_code))]
    pub arguments: Vec<(String, String)>,
    /// TypeScript type of what comes back.
    #[cfg_attr(not(test), allow(dead_code))]
    pub answer: String,
}

/// All commands in `folder`, by module and then as they stand there.
pub fn commands(folder: &Path) -> Vec<Declared> {
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("commands").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let module = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("a source file");
        for item in syn::parse_file(&text).expect("Rust").items {
            let Item::Fn(function) = item else { continue };
            let is_command = function.attrs.iter().any(|attribute| {
                attribute.path().segments.iter().map(|s| s.ident.to_string()).eq(["tauri", "command"])
            });
            if !is_command {
                continue;
            }
            let arguments = function.sig.inputs.iter().filter_map(|argument| {
                let FnArg::Typed(argument) = argument else { return None };
                let Pat::Ident(name) = argument.pat.as_ref() else { panic!("an argument without a name") };
                let of = last(&argument.ty);
                let given_by_the_shell = of == "Held" || of == "AppHandle";
                (!given_by_the_shell).then(|| (camel(&name.ident.to_string()), typescript(&argument.ty)))
            });
            found.push(Declared {
                module: module.clone(),
                name: function.sig.ident.to_string(),
                arguments: arguments.collect(),
                answer: match &function.sig.output {
                    ReturnType::Default => "null".to_owned(),
                    ReturnType::Type(_, of) => typescript(of),
                },
            });
        }
    }
    found
}

fn last(of: &Type) -> String {
    let Type::Path(path) = of else { return String::new() };
    path.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default()
}

/// `up_to` as the page says it: `upTo`.
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |so_far, word| {
        let mut letters = word.chars();
        so_far + &letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default() + letters.as_str()
    })
}

fn typescript(of: &Type) -> String {
    if let Type::Tuple(tuple) = of
        && tuple.elems.is_empty()
    {
        return "null".to_owned();
    }
    let Type::Path(path) = of else { panic!("a command speaks of types by name") };
    let segment = path.path.segments.last().expect("a type has a name");
    let inner = match &segment.arguments {
        syn::PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(inner) => Some(typescript(inner)),
            _ => None,
        }),
        _ => None,
    };
    match (segment.ident.to_string().as_str(), inner) {
        ("Outcome", Some(inner)) => inner,
        ("Option", Some(inner)) => format!("{inner} | null"),
        ("Vec", Some(inner)) => format!("{inner}[]"),
        ("String", None) => "string".to_owned(),
        ("bool", None) => "boolean".to_owned(),
        ("usize" | "u32" | "i64", None) => "number".to_owned(),
        (name, _) => name.to_owned(),
    }
}
