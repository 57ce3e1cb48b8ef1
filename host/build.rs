//! Embeds the web application that `make ui-build` made. Whoever only works on the server need not have built it: then
//! the one page of the application says how.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// What is served instead of an application that was not built.
const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Lambkin</title>\
<h1>The web application is not in this build</h1><p>Run <code>make ui-build</code>, then build the server again. \
The API is there: <a href=\"/docs/api\">its description</a>.</p></html>";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../target/ui/files");
    // A folder that does not exist would count as changed every time.
    fs::create_dir_all(&folder)?;
    println!("cargo:rerun-if-changed={}", folder.display());
    println!("cargo:rerun-if-changed=build.rs");
    let output = PathBuf::from(env::var("OUT_DIR")?);
    let mut paths = Vec::new();
    collect(&folder.canonicalize()?, &mut paths)?;
    paths.sort();
    let mut entries = String::new();
    if !paths.iter().any(|path| path.ends_with("index.html")) {
        fs::write(output.join("missing.html"), MISSING)?;
        let path = output.join("missing.html");
        writeln!(
            entries,
            "File {{ path: \"/index.html\", plain: include_bytes!({path:?}), brotli: None }},"
        )?;
        paths.clear();
    }
    let root = folder.canonicalize()?;
    for path in paths.iter().filter(|path| path.extension().is_none_or(|kind| kind != "br")) {
        let name =
            path.strip_prefix(&root)?.to_str().ok_or("a file of the web application has no UTF-8 name")?;
        let mut small = path.clone().into_os_string();
        small.push(".br");
        let small = PathBuf::from(small);
        let brotli =
            if small.exists() { format!("Some(include_bytes!({small:?}))") } else { "None".to_owned() };
        writeln!(
            entries,
            "File {{ path: {:?}, plain: include_bytes!({path:?}), brotli: {brotli} }},",
            format!("/{name}")
        )?;
    }
    fs::write(output.join("ui_files.rs"), format!("&[\n{entries}]\n"))?;
    Ok(())
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, paths)? } else { paths.push(path) }
    }
    Ok(())
}
