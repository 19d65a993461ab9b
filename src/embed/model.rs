//! A model that is read: tokenizer, layers, pooling, and the threads it works on.

use std::path::Path;
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::bert::Bert;
use super::config::{Config, Pooling, Usage};
use super::tensors::Tensors;
use super::tokenizer::Tokenizer;
use super::{Description, EmbedError, Embedding, Role, product};

/// How much less than others the thread of passages wants to run.
const NICE: i32 = 15;
/// Threads of a query at most: its products are small.
const MOST_THREADS: usize = 4;

/// Sentences that ask the same, and one that does not.
const ALIKE: (&str, &str) = ("忘记了登录密码怎么找回？", "登录密码忘了，如何找回密码");
const UNLIKE: &str = "发票什么时候寄到";

/// An embedding model, ready for work. Cheap to share; the last that lets it go frees it.
pub struct Model {
    tokenizer: Tokenizer,
    bert: Bert,
    usage: Usage,
    description: Description,
    queries: ThreadPool,
    passages: ThreadPool,
}

impl Model {
    /// Reads a model from its directory.
    ///
    /// # Errors
    /// [`EmbedError`] when a file is missing or damaged, does not fit the others, or is of a kind
    /// that is not read.
    pub fn open(dir: &Path) -> Result<Self, EmbedError> {
        let config = Config::read(dir)?;
        let tokenizer = Tokenizer::read(&dir.join("tokenizer.json"), config.tokens)?;
        if tokenizer.vocabulary() > config.sizes.vocab_size {
            return Err(EmbedError::Shape {
                name: "embeddings.word_embeddings.weight".to_owned(),
                wanted: vec![tokenizer.vocabulary(), config.sizes.hidden_size],
                found: vec![config.sizes.vocab_size, config.sizes.hidden_size],
            });
        }
        let bert = Bert::read(&Tensors::open(&dir.join("model.safetensors"))?, &config)?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            description: Description {
                dimensions: config.sizes.hidden_size,
                layers: config.sizes.num_hidden_layers,
                vocabulary: tokenizer.vocabulary(),
                tokens: config.tokens,
            },
            tokenizer,
            bert,
            usage: config.usage,
            queries: threads("query", (cores / 2).clamp(1, MOST_THREADS), dir)?,
            passages: threads("embedding", 1, dir)?,
        })
    }

    /// What the model says of itself.
    pub fn description(&self) -> Description {
        self.description.clone()
    }

    /// The vector of a text.
    ///
    /// # Errors
    /// [`EmbedError`] when the model's file cannot be read any more.
    pub fn embed(&self, text: &str, role: Role) -> Result<Embedding, EmbedError> {
        let (pool, prefix) = match role {
            Role::Query => (&self.queries, &self.usage.query),
            Role::Passage => (&self.passages, &self.usage.passage),
        };
        pool.install(|| self.vector(prefix, text))
    }

    /// Whether the model works: a text has one vector, and texts that ask the same are nearer to
    /// each other than to one that does not.
    ///
    /// # Errors
    /// [`EmbedError::SelfTest`].
    pub fn self_test(&self) -> Result<(), EmbedError> {
        let failed = |detail: &str| {
            Err(EmbedError::SelfTest {
                detail: detail.to_owned(),
            })
        };
        let embed = |text| Ok(self.embed(text, Role::Query)?.vector);
        let [one, again, like, unlike] = [
            embed(ALIKE.0)?,
            embed(ALIKE.0)?,
            embed(ALIKE.1)?,
            embed(UNLIKE)?,
        ];
        let length = product(&one, &one);
        if !length.is_finite() || (length - 1.0).abs() > 1e-3 {
            return failed("its vectors hold no numbers");
        }
        if one != again {
            return failed("one text has two vectors");
        }
        if product(&one, &like) <= product(&one, &unlike) {
            return failed("texts that ask the same are further apart than others");
        }
        Ok(())
    }

    fn vector(&self, prefix: &str, text: &str) -> Result<Embedding, EmbedError> {
        let tokens = self.tokenizer.encode(prefix, text);
        let states = self.bert.forward(&tokens.ids)?;
        let mut vector = vec![0.0; self.description.dimensions];
        let pooled = match self.usage.pooling {
            Pooling::Mean => tokens.ids.len(),
            Pooling::First => 1,
        };
        for state in states
            .chunks_exact(self.description.dimensions)
            .take(pooled)
        {
            for (sum, value) in vector.iter_mut().zip(state) {
                *sum += value;
            }
        }
        let length = product(&vector, &vector).sqrt();
        for value in &mut vector {
            *value /= length;
        }
        Ok(Embedding {
            vector,
            read: tokens.read,
        })
    }
}

/// Threads of the model's own: those of the whole process are others'.
fn threads(name: &'static str, count: usize, dir: &Path) -> Result<ThreadPool, EmbedError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(count)
        .thread_name(move |_| name.to_owned());
    let pool = match name {
        "embedding" => pool.start_handler(|_| {
            // Without it the work is done all the same.
            let _ = rustix::process::nice(NICE);
        }),
        _ => pool,
    };
    pool.build().map_err(|error| EmbedError::Io {
        path: dir.to_owned(),
        source: std::io::Error::other(error),
    })
}
