//! The complete module: engine code and image in one standard WebAssembly file, made in CI and taken by the host.
//!
//! The file runs in any WebAssembly host that offers WASI and the imports of `lambkin_abi`. Lambkin's own host runs
//! none of its code: it checks that the code is the engine's, freezes the source the file carries and compares.
//! So a file whose source and image disagree is found out, and nobody's code but the engine's is ever compiled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wasm_encoder::{CustomSection, DataSection, RawSection};

use crate::{
    check::{Checked, Severity, check},
    engine::{Anatomy, ENGINE},
    error::{ErrorCode, RuntimeError},
    freeze::Frozen,
    memory::PAGE,
    runtime::Runtime,
};

/// Custom section with the lambda's source.
const SOURCE_SECTION: &str = "lambkin.source";
/// Custom section with [`BuildInfo`] as JSON.
const BUILD_SECTION: &str = "lambkin.build";

/// Largest file that is looked at.
pub const MAX_MODULE_BYTES: usize = 64 << 20;

const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;
const CUSTOM: u8 = 0;

/// Runs of zero bytes longer than this end a data segment.
const ZERO_RUN: usize = 16;

/// What a module says about its making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildInfo {
    /// Program and version that wrote the file.
    pub built_by: String,
    /// SHA-256 of the engine in it.
    pub engine: String,
}

/// A module that was read and found acceptable.
#[derive(Debug)]
pub struct ModuleFile {
    /// The lambda's source, checked.
    pub source: Checked,
    /// SHA-256 of the engine it was built with.
    pub engine_hash: String,
    /// Whether that is this runtime's engine. Its image was then compared with what the source freezes to.
    pub same_engine: bool,
    /// Program and version that wrote it.
    pub built_by: String,
    /// Bytes of initial memory contents.
    pub image_bytes: u64,
    /// Name and size of every section, in order.
    pub sections: Vec<(String, u64)>,
}

impl Runtime {
    /// Writes the complete module of a lambda that was frozen with an empty environment. The same source and engine
    /// give the same bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ImageInvalid`] when `frozen` came from another runtime's engine.
    pub fn write_module(&self, source: &Checked, frozen: &Frozen) -> Result<Vec<u8>, RuntimeError> {
        if frozen.image.engine_hash() != self.inner.hash {
            return Err(RuntimeError::new(ErrorCode::ImageInvalid, "the image was made by another engine"));
        }
        let engine = Anatomy::of(ENGINE)?;
        if frozen.image.memory_len() > engine.memory_pages * PAGE {
            return Err(RuntimeError::new(
                ErrorCode::ModuleRefused,
                format!(
                    "what the top level builds does not fit into a module: it takes {} bytes of memory and a module has {}",
                    frozen.image.memory_len(),
                    engine.memory_pages * PAGE
                ),
            )
            .with_hint("build large tables inside the lambda, or deploy the source"));
        }
        let mut module = wasm_encoder::Module::new();
        let memory = self.memory_of(frozen);
        for (id, contents) in &engine.sections {
            match *id {
                // The count of segments is only needed by code that copies them at run time, which the engine does not.
                CUSTOM | DATA_COUNT => {}
                DATA => {
                    module.section(&segments(&memory));
                }
                id => {
                    module.section(&RawSection { id, data: contents });
                }
            }
        }
        let info = BuildInfo {
            built_by: concat!("lambkin ", env!("CARGO_PKG_VERSION")).to_owned(),
            engine: self.engine_hash().to_owned(),
        };
        let info = serde_json::to_vec(&info).map_err(|e| RuntimeError::internal("cannot write JSON", e))?;
        for (name, data) in [(SOURCE_SECTION, source.source().as_bytes()), (BUILD_SECTION, &info[..])] {
            module.section(&CustomSection { name: name.into(), data: data.into() });
        }
        Ok(module.finish())
    }

    /// Reads a module somebody built.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ModuleRefused`] with the reason: native code, no WebAssembly, damaged, not built by `lambkin`,
    /// altered code, or an image that is not what its source freezes to. [`ErrorCode::ContractError`] when the
    /// source in it is not an acceptable lambda any more.
    pub fn read_module(&self, bytes: &[u8]) -> Result<ModuleFile, RuntimeError> {
        let refuse = |why: String| RuntimeError::new(ErrorCode::ModuleRefused, why);
        let rebuild = "build it again with `lambkin build`";
        if bytes.len() > MAX_MODULE_BYTES {
            return Err(refuse(format!(
                "the module is {} bytes long and the limit is {MAX_MODULE_BYTES}",
                bytes.len()
            )));
        }
        if bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"!<arch>") {
            return Err(refuse("the file is native code, which is never taken from outside".to_owned())
                .with_hint("upload the .wasm file that `lambkin build` writes"));
        }
        if !bytes.starts_with(b"\0asm") {
            return Err(refuse("the file is not a WebAssembly module".to_owned()).with_hint(rebuild));
        }
        let anatomy = Anatomy::of(bytes).map_err(|e| e.with_hint(rebuild))?;
        let custom = |name: &str| {
            let mut found = anatomy.custom.iter().filter(|(n, _)| *n == name).map(|(_, data)| *data);
            found.next().filter(|_| found.next().is_none())
        };
        let (Some(source), Some(info)) = (custom(SOURCE_SECTION), custom(BUILD_SECTION)) else {
            return Err(refuse("the module was not built by lambkin: it carries no source".to_owned())
                .with_hint(rebuild));
        };
        let info: BuildInfo = serde_json::from_slice(info).map_err(|_| {
            refuse("the module's build information cannot be read".to_owned()).with_hint(rebuild)
        })?;
        let source = std::str::from_utf8(source)
            .map_err(|_| refuse("the module's source is not UTF-8".to_owned()).with_hint(rebuild))?;
        let source = check(source).map_err(|findings| {
            let first = findings.iter().find(|f| f.severity == Severity::Error);
            let first = first.map_or_else(String::new, |f| f.message.clone());
            RuntimeError::new(
                ErrorCode::ContractError,
                format!("the source in the module is not acceptable: {first}"),
            )
        })?;

        let same_engine = info.engine == self.engine_hash();
        if same_engine {
            if anatomy.code_hash != self.inner.code_hash {
                return Err(refuse("the module's code is not the engine's".to_owned()).with_hint(rebuild));
            }
            self.compare(&anatomy, &source)?;
        }
        Ok(ModuleFile {
            source,
            engine_hash: info.engine,
            same_engine,
            built_by: info.built_by,
            image_bytes: anatomy.segments.iter().map(|(_, data)| data.len() as u64).sum(),
            sections: anatomy
                .sections
                .iter()
                .map(|(id, data)| (section_name(*id, data), data.len() as u64))
                .collect(),
        })
    }

    /// Proves that the module's memory is what its source freezes to.
    fn compare(&self, anatomy: &Anatomy<'_>, source: &Checked) -> Result<(), RuntimeError> {
        let disagree = |why: String| {
            RuntimeError::new(
                ErrorCode::ModuleRefused,
                format!("the module's source and image disagree: {why}"),
            )
            .with_hint("build it again with `lambkin build`; images cannot be edited")
        };
        let frozen = self.freeze(source, &BTreeMap::new()).map_err(|e| disagree(e.to_string()))?;
        let expected = self.memory_of(&frozen);
        // The memory section is the engine's, so an image that grew it has segments beyond; those were refused.
        let mut found = vec![0; expected.len()];
        for (at, data) in &anatomy.segments {
            match found.get_mut(*at..*at + data.len()) {
                Some(room) => room.copy_from_slice(data),
                None => return Err(disagree("it is longer".to_owned())),
            }
        }
        match found.iter().zip(&expected).position(|(a, b)| a != b) {
            None => Ok(()),
            Some(at) => Err(disagree(format!("first at byte {at} of the memory"))),
        }
    }

    /// The whole memory of a frozen lambda: base image and its own pages.
    fn memory_of(&self, frozen: &Frozen) -> Vec<u8> {
        let mut memory = vec![0; frozen.image.memory_len()];
        for page in 0..self.inner.base.pages() {
            if let Some(bytes) = self.inner.base.page(page) {
                memory[page * PAGE..(page + 1) * PAGE].copy_from_slice(bytes);
            }
        }
        frozen.image.lay_over(&mut memory);
        memory
    }
}

/// The data segments that fill `memory`: what is not zero.
fn segments(memory: &[u8]) -> DataSection {
    let mut section = DataSection::new();
    let mut at = 0;
    while let Some(skip) = memory[at..].iter().position(|byte| *byte != 0) {
        let start = at + skip;
        let mut end = start;
        let mut zeros = 0;
        for (i, byte) in memory[start..].iter().enumerate() {
            if *byte != 0 {
                (end, zeros) = (start + i + 1, 0);
            } else {
                zeros += 1;
                if zeros > ZERO_RUN {
                    break;
                }
            }
        }
        section.active(
            0,
            &wasm_encoder::ConstExpr::i32_const(start as i32),
            memory[start..end].iter().copied(),
        );
        at = end;
    }
    section
}

fn section_name(id: u8, contents: &[u8]) -> String {
    const NAMES: [&str; 14] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    if id == CUSTOM {
        let reader = wasmparser::CustomSectionReader::new(wasmparser::BinaryReader::new(contents, 0));
        return reader.map_or_else(|_| "custom".to_owned(), |section| format!("custom {}", section.name()));
    }
    NAMES.get(usize::from(id)).map_or_else(|| format!("section {id}"), |name| (*name).to_owned())
}
