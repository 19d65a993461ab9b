//! What a model's files say of it: sizes, how vectors are pooled, what is said before a text.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::EmbedError;

/// Tokens of a text that are read at most, whatever a model could read.
const MOST_TOKENS: usize = 512;

/// `config.json`, as far as it is needed.
#[derive(Debug, Clone, Deserialize)]
pub struct Sizes {
    model_type: String,
    #[serde(rename = "_name_or_path", default)]
    name: String,
    /// Words.
    pub vocab_size: usize,
    /// Numbers in a vector.
    pub hidden_size: usize,
    /// Layers.
    pub num_hidden_layers: usize,
    /// Heads of each layer's attention.
    pub num_attention_heads: usize,
    /// Numbers between the two products of a layer.
    pub intermediate_size: usize,
    hidden_act: String,
    max_position_embeddings: usize,
    /// Kinds of text in one sequence.
    pub type_vocab_size: usize,
    /// What keeps a variance from being none.
    #[serde(default = "usual_eps")]
    pub layer_norm_eps: f32,
    #[serde(default = "usual_positions")]
    position_embedding_type: String,
}

fn usual_eps() -> f32 {
    1e-12
}

fn usual_positions() -> String {
    "absolute".to_owned()
}

/// What bends the numbers inside a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// By the error function.
    Gelu,
    /// By its likeness made of the hyperbolic tangent.
    GeluTanh,
    /// What is below nothing is nothing.
    Relu,
}

/// How a text's vector is made of its tokens' vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// Their mean.
    Mean,
    /// The first one's.
    First,
}

/// How texts become vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// How vectors are pooled.
    pub pooling: Pooling,
    /// What is said before a query.
    pub query: String,
    /// What is said before a text that may be found.
    pub passage: String,
}

/// Everything that is known of a model.
#[derive(Debug, Clone)]
pub struct Config {
    /// Its sizes.
    pub sizes: Sizes,
    /// What bends the numbers inside a layer.
    pub activation: Activation,
    /// How texts become vectors.
    pub usage: Usage,
    /// Tokens of a text that are read.
    pub tokens: usize,
    /// Positions that have embeddings.
    pub positions: usize,
}

/// A model that is known by its name, or by sizes that no other has, and whose files do not always
/// say how it is used.
struct Known {
    name: &'static str,
    /// Vocabulary, vector, layers.
    sizes: Option<(usize, usize, usize)>,
    pooling: Pooling,
    query: &'static str,
    passage: &'static str,
}

/// The first that fits holds.
const KNOWN: [Known; 5] = [
    Known {
        name: "multilingual-e5-small",
        sizes: Some((250_037, 384, 12)),
        pooling: Pooling::Mean,
        query: "query: ",
        passage: "passage: ",
    },
    Known {
        name: "bge-small-zh",
        sizes: Some((21_128, 512, 4)),
        pooling: Pooling::First,
        query: "为这个句子生成表示以用于检索相关文章：",
        passage: "",
    },
    Known {
        name: "bge-small-en",
        sizes: None,
        pooling: Pooling::First,
        query: "Represent this sentence for searching relevant passages: ",
        passage: "",
    },
    Known {
        name: "gte-small",
        sizes: None,
        pooling: Pooling::Mean,
        query: "",
        passage: "",
    },
    Known {
        name: "e5-small",
        sizes: None,
        pooling: Pooling::Mean,
        query: "query: ",
        passage: "passage: ",
    },
];

/// `1_Pooling/config.json`.
#[derive(Deserialize)]
struct PoolingFile {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

/// `config_sentence_transformers.json`.
#[derive(Deserialize)]
struct PromptFile {
    #[serde(default)]
    prompts: Prompts,
}

#[derive(Deserialize, Default)]
struct Prompts {
    query: Option<String>,
    #[serde(alias = "document")]
    passage: Option<String>,
}

impl Config {
    /// Reads what a directory says of its model.
    pub fn read(dir: &Path) -> Result<Self, EmbedError> {
        let sizes: Sizes = needed(dir, "config.json")?;
        let unsupported = |part, name: &str| {
            let name = name.to_owned();
            Err(EmbedError::Unsupported { part, name })
        };
        if sizes.model_type != "bert" {
            return unsupported("model_type", &sizes.model_type);
        }
        if sizes.position_embedding_type != "absolute" {
            return unsupported("position_embedding_type", &sizes.position_embedding_type);
        }
        let activation = match sizes.hidden_act.as_str() {
            "gelu" => Activation::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
            "relu" => Activation::Relu,
            other => return unsupported("hidden_act", other),
        };
        let heads = sizes.num_attention_heads;
        let positions = sizes.max_position_embeddings;
        let usual = [
            sizes.hidden_size,
            sizes.intermediate_size,
            sizes.num_hidden_layers,
        ];
        let possible = heads > 0
            && sizes.hidden_size.is_multiple_of(heads)
            && usual.iter().all(|size| (1..=65_536).contains(size))
            && sizes.type_vocab_size > 0
            && positions > 2;
        if !possible {
            return Err(EmbedError::Damaged {
                path: dir.join("config.json"),
                detail: "its sizes make no model".to_owned(),
            });
        }
        Ok(Self {
            usage: usage(dir, &sizes)?,
            sizes,
            activation,
            tokens: positions.min(MOST_TOKENS),
            positions,
        })
    }
}

/// How texts become vectors: by the model's files, else as it is known.
fn usage(dir: &Path, sizes: &Sizes) -> Result<Usage, EmbedError> {
    let known = known(dir, sizes);
    let pooling: Option<PoolingFile> = optional(dir, "1_Pooling/config.json")?;
    let prompts: Option<PromptFile> = optional(dir, "config_sentence_transformers.json")?;
    let said = match pooling {
        Some(file) if file.pooling_mode_cls_token => Some(Pooling::First),
        Some(file) if file.pooling_mode_mean_tokens => Some(Pooling::Mean),
        Some(_) => {
            return Err(EmbedError::Unsupported {
                part: "pooling_mode",
                name: "1_Pooling/config.json".to_owned(),
            });
        }
        None => None,
    };
    let pooling = said.or(known.map(|known| known.pooling));
    let prompts = prompts.map(|file| file.prompts).unwrap_or_default();
    let prefix = |said: Option<String>, known: Option<&str>| {
        let known = known.unwrap_or_default().to_owned();
        said.unwrap_or(known)
    };
    Ok(Usage {
        pooling: pooling.ok_or(EmbedError::Pooling)?,
        query: prefix(prompts.query, known.map(|known| known.query)),
        passage: prefix(prompts.passage, known.map(|known| known.passage)),
    })
}

fn known(dir: &Path, sizes: &Sizes) -> Option<&'static Known> {
    let folder = dir.file_name().map(|name| name.to_string_lossy());
    let named = |name: &str| {
        let folder = folder.as_ref().map(|folder| folder.to_lowercase());
        sizes.name.to_lowercase().contains(name)
            || folder.is_some_and(|folder| folder.contains(name))
    };
    let own = (sizes.vocab_size, sizes.hidden_size, sizes.num_hidden_layers);
    let mut known = KNOWN.iter();
    known.find(|known| named(known.name) || known.sizes == Some(own))
}

/// A file that the model must have.
pub fn needed<T: DeserializeOwned>(dir: &Path, name: &str) -> Result<T, EmbedError> {
    let path = dir.join(name);
    let bytes = fs::read(&path).map_err(|source| EmbedError::Io {
        path: path.clone(),
        source,
    })?;
    serde_json::from_slice(&bytes).map_err(|error| EmbedError::Damaged {
        path,
        detail: error.to_string(),
    })
}

/// A file that the model may have.
fn optional<T: DeserializeOwned>(dir: &Path, name: &str) -> Result<Option<T>, EmbedError> {
    match needed(dir, name) {
        Ok(file) => Ok(Some(file)),
        Err(EmbedError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
