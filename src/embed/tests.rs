//! A tiny model made here, read, and compared with BERT's forward pass written plainly.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::*;

/// Numbers that look like chance and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 40) as f32 / (1 << 24) as f32 - 0.5) * 0.6
    }

    fn some(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.next()).collect()
    }
}

const HIDDEN: usize = 32;
const WIDE: usize = 80;
const HEADS: usize = 4;
const LAYERS: usize = 2;
const POSITIONS: usize = 24;
/// Every character of the test's sentences, and some pieces.
const CHARS: &str = "忘记了登录密码怎么找回？，如何发票什时候寄到退款会员";

/// A model as its test knows it.
struct Tiny {
    tensors: Vec<(String, Vec<usize>, Vec<f32>)>,
    words: Vec<String>,
}

impl Tiny {
    fn new() -> Self {
        let mut words: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "密码", "##x"]
            .map(str::to_owned)
            .to_vec();
        words.extend(CHARS.chars().map(String::from));
        let mut numbers = Numbers(7);
        let mut tensors = Vec::new();
        let mut add = |name: &str, shape: &[usize], begin: f32| {
            let values = numbers.some(shape.iter().product());
            let values = values.into_iter().map(|value| begin + value).collect();
            tensors.push((name.to_owned(), shape.to_vec(), values));
        };
        add(
            "embeddings.word_embeddings.weight",
            &[words.len(), HIDDEN],
            0.0,
        );
        add(
            "embeddings.position_embeddings.weight",
            &[POSITIONS, HIDDEN],
            0.0,
        );
        add("embeddings.token_type_embeddings.weight", &[2, HIDDEN], 0.0);
        add("embeddings.LayerNorm.weight", &[HIDDEN], 1.0);
        add("embeddings.LayerNorm.bias", &[HIDDEN], 0.0);
        for layer in 0..LAYERS {
            let name = |name: &str| format!("encoder.layer.{layer}.{name}");
            for (part, outputs, inputs) in [
                ("attention.self.query", HIDDEN, HIDDEN),
                ("attention.self.key", HIDDEN, HIDDEN),
                ("attention.self.value", HIDDEN, HIDDEN),
                ("attention.output.dense", HIDDEN, HIDDEN),
                ("intermediate.dense", WIDE, HIDDEN),
                ("output.dense", HIDDEN, WIDE),
            ] {
                add(&name(&format!("{part}.weight")), &[outputs, inputs], 0.0);
                add(&name(&format!("{part}.bias")), &[outputs], 0.0);
            }
            for part in ["attention.output.LayerNorm", "output.LayerNorm"] {
                add(&name(&format!("{part}.weight")), &[HIDDEN], 1.0);
                add(&name(&format!("{part}.bias")), &[HIDDEN], 0.0);
            }
        }
        Self { tensors, words }
    }

    fn config(&self) -> serde_json::Value {
        json!({
            "model_type": "bert", "vocab_size": self.words.len(), "hidden_size": HIDDEN,
            "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": WIDE,
            "hidden_act": "gelu", "max_position_embeddings": POSITIONS, "type_vocab_size": 2,
            "layer_norm_eps": 1e-12
        })
    }

    fn write(&self, dir: &Path) {
        let ids = (0..)
            .zip(&self.words)
            .map(|(id, word)| (word.clone(), json!(id)));
        let vocabulary: serde_json::Map<_, _> = ids.collect();
        let tokenizer = json!({
            "normalizer": {"type": "BertNormalizer"},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": vocabulary}
        });
        fs::create_dir_all(dir.join("1_Pooling")).unwrap();
        let file = |name: &str, value: &serde_json::Value| {
            fs::write(dir.join(name), value.to_string()).unwrap();
        };
        file("config.json", &self.config());
        file("tokenizer.json", &tokenizer);
        file(
            "1_Pooling/config.json",
            &json!({"pooling_mode_mean_tokens": true}),
        );
        let mut header = serde_json::Map::new();
        let mut data: Vec<u8> = Vec::new();
        for (name, shape, values) in &self.tensors {
            let begin = data.len();
            data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            let offsets = [begin, data.len()];
            header.insert(
                name.clone(),
                json!({"dtype": "F32", "shape": shape, "data_offsets": offsets}),
            );
        }
        let header = serde_json::Value::from(header).to_string();
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        fs::write(dir.join("model.safetensors"), bytes).unwrap();
    }

    fn tensor(&self, name: &str) -> &[f32] {
        let mut tensors = self.tensors.iter();
        &tensors.find(|(own, ..)| own == name).unwrap().2
    }

    fn linear(&self, name: &str, states: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let bias = self.tensor(&format!("{name}.bias"));
        let weight = self.tensor(&format!("{name}.weight"));
        let inputs = weight.len() / bias.len();
        let row = |state: &Vec<f64>| {
            let outputs = bias.iter().zip(weight.chunks(inputs));
            let output = |(bias, weight): (&f32, &[f32])| {
                let product = state.iter().zip(weight).map(|(a, b)| a * f64::from(*b));
                f64::from(*bias) + product.sum::<f64>()
            };
            outputs.map(output).collect()
        };
        states.iter().map(row).collect()
    }

    fn norm(&self, name: &str, states: &mut [Vec<f64>]) {
        let weight = self.tensor(&format!("{name}.weight"));
        let bias = self.tensor(&format!("{name}.bias"));
        for state in states {
            let mean = state.iter().sum::<f64>() / state.len() as f64;
            let variance =
                state.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / state.len() as f64;
            for (nth, x) in state.iter_mut().enumerate() {
                let normal = (*x - mean) / (variance + 1e-12).sqrt();
                *x = normal * f64::from(weight[nth]) + f64::from(bias[nth]);
            }
        }
    }

    /// BERT, as the paper has it, in the plainest loops.
    fn reference(&self, ids: &[usize]) -> Vec<f64> {
        let row = |name: &str, nth: usize| self.tensor(name)[nth * HIDDEN..][..HIDDEN].to_vec();
        let mut states: Vec<Vec<f64>> = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let word = row("embeddings.word_embeddings.weight", *id);
            let place = row("embeddings.position_embeddings.weight", at);
            let kind = row("embeddings.token_type_embeddings.weight", 0);
            let sum =
                |nth: usize| f64::from(word[nth]) + f64::from(place[nth]) + f64::from(kind[nth]);
            states.push((0..HIDDEN).map(sum).collect());
        }
        self.norm("embeddings.LayerNorm", &mut states);
        for layer in 0..LAYERS {
            let name = |name: &str| format!("encoder.layer.{layer}.{name}");
            let [q, k, v] = ["query", "key", "value"]
                .map(|part| self.linear(&name(&format!("attention.self.{part}")), &states));
            let width = HIDDEN / HEADS;
            let mut context = vec![vec![0.0; HIDDEN]; ids.len()];
            for head in 0..HEADS {
                let own = head * width..(head + 1) * width;
                for (at, context) in context.iter_mut().enumerate() {
                    let score = |to: usize| {
                        let sum: f64 = own.clone().map(|nth| q[at][nth] * k[to][nth]).sum();
                        (sum / (width as f64).sqrt()).exp()
                    };
                    let scores: Vec<f64> = (0..ids.len()).map(score).collect();
                    let all: f64 = scores.iter().sum();
                    for nth in own.clone() {
                        let sum: f64 = (0..ids.len()).map(|to| scores[to] / all * v[to][nth]).sum();
                        context[nth] = sum;
                    }
                }
            }
            let attended = self.linear(&name("attention.output.dense"), &context);
            add(&mut states, &attended);
            self.norm(&name("attention.output.LayerNorm"), &mut states);
            let mut wide = self.linear(&name("intermediate.dense"), &states);
            for x in wide.iter_mut().flatten() {
                *x = 0.5 * *x * (1.0 + erf(*x / 2f64.sqrt()));
            }
            let narrow = self.linear(&name("output.dense"), &wide);
            add(&mut states, &narrow);
            self.norm(&name("output.LayerNorm"), &mut states);
        }
        let mean =
            |nth: usize| states.iter().map(|state| state[nth]).sum::<f64>() / ids.len() as f64;
        (0..HIDDEN).map(mean).collect()
    }
}

fn add(to: &mut [Vec<f64>], from: &[Vec<f64>]) {
    for (to, from) in to.iter_mut().flatten().zip(from.iter().flatten()) {
        *to += from;
    }
}

/// The error function by its series, which is exact enough near nothing.
fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..120 {
        let n = f64::from(n);
        term *= -x * x / n;
        sum += term / (2.0 * n + 1.0);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

/// Writes a tiny model that works.
pub(crate) fn write_tiny(dir: &Path) {
    Tiny::new().write(dir);
}

fn written() -> (TempDir, Tiny) {
    let (dir, tiny) = (TempDir::new().unwrap(), Tiny::new());
    tiny.write(dir.path());
    (dir, tiny)
}

#[test]
fn a_models_vectors_are_those_of_its_forward_pass() {
    let (dir, tiny) = written();
    let model = Model::open(dir.path()).unwrap();
    for text in ["密码", "忘记了登录密码怎么找回？", "发票 寄到，z"] {
        let mut ids = vec![2];
        for c in text.chars().filter(|c| *c != ' ') {
            let id = tiny.words.iter().position(|word| *word == c.to_string());
            ids.push(id.unwrap_or(1));
        }
        ids.push(3);
        let wanted = tiny.reference(&ids);
        let found = model.embed(text, Role::Passage).unwrap();
        let length = wanted.iter().map(|x| x * x).sum::<f64>().sqrt();
        let both = found.vector.iter().zip(&wanted);
        let cosine: f64 = both.map(|(a, b)| f64::from(*a) * b / length).sum();
        assert!(cosine > 0.9999, "{text}: {cosine}");
        assert!((found.read - 1.0).abs() < 1e-6);
    }
}

#[test]
fn a_text_is_read_as_far_as_the_model_can_and_says_how_far() {
    let (dir, _) = written();
    let model = Model::open(dir.path()).unwrap();
    let long = "密".repeat(POSITIONS * 4);
    let found = model.embed(&long, Role::Passage).unwrap();
    let wanted = (POSITIONS - 2) as f32 / (POSITIONS * 4) as f32;
    assert!((found.read - wanted).abs() < 1e-3, "{}", found.read);
}

#[test]
fn a_model_that_works_passes_its_test_and_one_that_tells_nothing_apart_does_not() {
    let (dir, mut tiny) = written();
    Model::open(dir.path()).unwrap().self_test().unwrap();
    for (name, _, values) in &mut tiny.tensors {
        if name.ends_with("output.LayerNorm.weight") {
            values.fill(0.0);
        }
    }
    tiny.write(dir.path());
    let error = Model::open(dir.path()).unwrap().self_test().unwrap_err();
    assert!(matches!(error, EmbedError::SelfTest { .. }), "{error}");
}

#[test]
fn what_is_not_read_is_refused_by_its_name() {
    let (dir, tiny) = written();
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut config = tiny.config();
        change(&mut config);
        fs::write(dir.path().join("config.json"), config.to_string()).unwrap();
        Model::open(dir.path()).err().unwrap().to_string()
    };
    let named = with(&|config| config["model_type"] = json!("nomic_bert"));
    assert!(named.contains("nomic_bert"), "{named}");
    let named = with(&|config| config["position_embedding_type"] = json!("relative_key"));
    assert!(named.contains("relative_key"), "{named}");
    let wider = with(&|config| config["intermediate_size"] = json!(WIDE + 1));
    assert!(
        wider.contains("encoder.layer.0.intermediate.dense"),
        "{wider}"
    );
    let unheaded = with(&|config| config["num_attention_heads"] = json!(5));
    assert!(unheaded.contains("config.json"), "{unheaded}");
}

#[test]
fn a_model_of_which_nothing_tells_how_vectors_are_pooled_is_refused() {
    let (dir, _) = written();
    fs::remove_file(dir.path().join("1_Pooling/config.json")).unwrap();
    let error = Model::open(dir.path()).err().unwrap();
    assert!(matches!(error, EmbedError::Pooling), "{error}");
    // Its name may tell.
    let named = dir.path().join("bge-small-zh-v1.5");
    fs::create_dir(&named).unwrap();
    for file in &FILES[..NEEDED] {
        fs::copy(dir.path().join(file), named.join(file)).unwrap();
    }
    Model::open(&named).unwrap();
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let (dir, _) = written();
    let path = dir.path().join("model.safetensors");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 4]).unwrap();
    let error = Model::open(dir.path()).err().unwrap();
    assert!(matches!(error, EmbedError::Damaged { .. }), "{error}");
}
