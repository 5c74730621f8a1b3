use serde::Serialize;

/// What is printed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Paper {
    /// Name of the department, above all.
    pub department: String,
    /// Title.
    pub title: String,
    /// Line below the title.
    pub subtitle: String,
    /// Why it may not be used yet; printed across every page. Empty for a paper that stands.
    pub draft: String,
    /// The lead statement, on every page.
    pub statement: String,
    /// Beside the page number.
    pub footer: String,
    /// Everything between.
    pub blocks: Vec<Block>,
}

/// One part of a [`Paper`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Block {
    /// A heading.
    Heading {
        /// Its text.
        text: String,
    },
    /// A heading inside a part.
    Subheading {
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Text {
        /// Its text.
        text: String,
    },
    /// A warning, set apart.
    Warning {
        /// Its text.
        text: String,
    },
    /// List items.
    List {
        /// One an item.
        items: Vec<String>,
    },
    /// Name and value, one pair a line.
    Facts {
        /// The pairs.
        pairs: Vec<(String, String)>,
    },
    /// A table.
    Table {
        /// Names of the columns.
        header: Vec<String>,
        /// Shares of the width, one a column.
        widths: Vec<u8>,
        /// Cells, row by row.
        rows: Vec<Vec<String>>,
    },
    /// Pictures side by side.
    Pictures {
        /// Which.
        pictures: Vec<Picture>,
    },
    /// Plots, one below the other, each with how it is read beside it.
    Plots {
        /// Which.
        plots: Vec<Drawn>,
    },
}

/// A plot on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawn {
    /// SVG.
    #[serde(skip)]
    pub svg: String,
    /// What it is called within the paper: letters, digits and hyphens.
    pub name: String,
    /// What stands beside it.
    pub says: String,
}

/// A picture on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// PNG or JPEG; empty where it is not at hand.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// What stands below it.
    pub caption: String,
    /// SHA-256 of the original.
    pub sha256: String,
}

impl Block {
    pub(crate) fn heading(text: &str) -> Self {
        Block::Heading { text: text.to_owned() }
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Block::Text { text: text.into() }
    }

    /// Plain structured text as a person typed it: `# ` begins a heading, `- ` a list item, an empty line a paragraph.
    pub(crate) fn typed(text: &str) -> Vec<Self> {
        let mut blocks = Vec::new();
        let mut fresh = true;
        for line in text.lines().map(str::trim_end) {
            if line.trim().is_empty() {
                fresh = true;
            } else if let Some(heading) = line.strip_prefix("# ") {
                blocks.push(Block::Subheading { text: heading.to_owned() });
                fresh = true;
            } else if let Some(item) = line.strip_prefix("- ") {
                match blocks.last_mut() {
                    Some(Block::List { items }) if !fresh => items.push(item.to_owned()),
                    _ => blocks.push(Block::List { items: vec![item.to_owned()] }),
                }
                fresh = false;
            } else {
                match blocks.last_mut() {
                    Some(Block::Text { text }) if !fresh => *text = format!("{text}\n{line}"),
                    _ => blocks.push(Block::text(line)),
                }
                fresh = false;
            }
        }
        blocks
    }
}

impl Paper {
    /// The paper as plain text, for tests and for whoever reads without a PDF viewer.
    pub fn text(&self) -> String {
        let mut out = vec![self.department.clone(), self.title.clone(), self.subtitle.clone()];
        out.push(self.draft.clone());
        out.push(self.statement.trim().to_owned());
        out.retain(|line| !line.is_empty());
        for block in &self.blocks {
            out.push(match block {
                Block::Heading { text } => format!("\n== {text}"),
                Block::Subheading { text } => format!("-- {text}"),
                Block::Text { text } => text.clone(),
                Block::Warning { text } => format!("! {text}"),
                Block::List { items } => items.iter().map(|i| format!("- {i}")).collect::<Vec<_>>().join("\n"),
                Block::Facts { pairs } => pairs.iter().map(|(n, v)| format!("{n}: {v}")).collect::<Vec<_>>().join("\n"),
                Block::Table { header, rows, .. } => {
                    std::iter::once(header).chain(rows).map(|row| row.join(" | ")).collect::<Vec<_>>().join("\n")
                }
                Block::Plots { plots } => {
                    plots.iter().map(|p| format!("[{}] {}", p.name, p.says)).collect::<Vec<_>>().join("\n")
                }
                Block::Pictures { pictures } => {
                    pictures.iter().map(|p| format!("[{}] {}", p.caption, p.sha256)).collect::<Vec<_>>().join("\n")
                }
            });
        }
        out.push(format!("\n{}", self.footer));
        out.join("\n")
    }
}
