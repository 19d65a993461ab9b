//! BERT's forward pass: ids of tokens in, one vector a token out.
//!
//! Multiplied is by a library whose products need no unsafe code here; matrices are packed for it
//! once, when the model is read.

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::{Matrix, NdTensorView};
use rten_vecmath::{ApproxGelu, Gelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};

use super::EmbedError;
use super::config::{Activation, Config};
use super::tensors::{Rows, Tensors};

/// The model's layers, without what makes ids of a text and a vector of vectors.
pub struct Bert {
    words: Rows,
    /// What is added to the word at each position: the position's own and the kind of text's.
    positions: Vec<f32>,
    normal: Norm,
    layers: Vec<Layer>,
    hidden: usize,
    heads: usize,
    activation: Activation,
}

/// One layer.
struct Layer {
    /// Queries, keys and values of all heads in one product.
    inputs: Linear,
    attended: Linear,
    attended_normal: Norm,
    wide: Linear,
    narrow: Linear,
    normal: Norm,
}

/// A product with a matrix, and what is added.
struct Linear {
    weight: PackedBMatrix<f32>,
    bias: Vec<f32>,
    outputs: usize,
}

/// Layer normalisation.
struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    eps: f32,
}

impl Bert {
    /// Reads the layers.
    pub fn read(tensors: &Tensors, config: &Config) -> Result<Self, EmbedError> {
        let sizes = &config.sizes;
        let hidden = sizes.hidden_size;
        let gemm = GemmExecutor::new();
        let embedding = |name: &str| format!("embeddings.{name}");
        let mut positions = tensors.values(
            &embedding("position_embeddings.weight"),
            &[config.positions, hidden],
        )?;
        positions.truncate(config.tokens * hidden);
        let kinds = tensors.values(
            &embedding("token_type_embeddings.weight"),
            &[sizes.type_vocab_size, hidden],
        )?;
        for position in positions.chunks_exact_mut(hidden) {
            add(position, &kinds);
        }
        let reader = Reader {
            tensors,
            gemm: &gemm,
            eps: sizes.layer_norm_eps,
        };
        let layers = (0..sizes.num_hidden_layers).map(|layer| reader.layer(layer, config));
        Ok(Self {
            words: tensors.rows(
                &embedding("word_embeddings.weight"),
                sizes.vocab_size,
                hidden,
            )?,
            positions,
            normal: reader.norm(&embedding("LayerNorm"), hidden)?,
            layers: layers.collect::<Result<_, _>>()?,
            hidden,
            heads: sizes.num_attention_heads,
            activation: config.activation,
        })
    }

    /// The vectors of some tokens, one after the other.
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<f32>, EmbedError> {
        let mut states = vec![0.0; ids.len() * self.hidden];
        let rows = states.chunks_exact_mut(self.hidden);
        let positions = self.positions.chunks_exact(self.hidden);
        for ((id, row), position) in ids.iter().zip(rows).zip(positions) {
            self.words.add(*id, row)?;
            add(row, position);
        }
        self.normal.apply(&mut states);
        // It is made in no time, and cannot be shared between threads.
        let gemm = GemmExecutor::new();
        for layer in &self.layers {
            self.layer(&gemm, layer, &mut states)?;
        }
        Ok(states)
    }

    fn layer(
        &self,
        gemm: &GemmExecutor,
        layer: &Layer,
        states: &mut [f32],
    ) -> Result<(), EmbedError> {
        let inputs = layer.inputs.apply(gemm, states)?;
        let context = self.attend(gemm, &inputs)?;
        add(states, &layer.attended.apply(gemm, &context)?);
        layer.attended_normal.apply(states);
        let mut wide = layer.wide.apply(gemm, states)?;
        match self.activation {
            Activation::Gelu => Gelu {}.map_mut(&mut wide),
            Activation::GeluTanh => ApproxGelu {}.map_mut(&mut wide),
            Activation::Relu => wide.iter_mut().for_each(|value| *value = value.max(0.0)),
        }
        add(states, &layer.narrow.apply(gemm, &wide)?);
        layer.normal.apply(states);
        Ok(())
    }

    /// What each token takes over of all others, head by head.
    fn attend(&self, gemm: &GemmExecutor, inputs: &[f32]) -> Result<Vec<f32>, EmbedError> {
        let (hidden, width) = (self.hidden, self.hidden / self.heads);
        let tokens = inputs.len() / (3 * hidden);
        let inputs = NdTensorView::from_data([tokens, 3 * hidden], inputs);
        let mut context = vec![0.0; tokens * hidden];
        let mut scores = vec![0.0; tokens * tokens];
        let mut values = vec![0.0; tokens * width];
        let scale = 1.0 / (width as f32).sqrt();
        for head in 0..self.heads {
            let part = |nth: usize| {
                let begin = nth * hidden + head * width;
                inputs.slice((.., begin..begin + width))
            };
            let (queries, keys) = (part(0), part(1));
            product(gemm, queries, keys.transposed(), scale, &mut scores)?;
            for row in scores.chunks_exact_mut(tokens) {
                Softmax::new_mut(row).dispatch();
            }
            let weights = NdTensorView::from_data([tokens, tokens], scores.as_slice());
            product(gemm, weights, part(2), 1.0, &mut values)?;
            for (to, from) in context
                .chunks_exact_mut(hidden)
                .zip(values.chunks_exact(width))
            {
                if let Some(to) = to.get_mut(head * width..(head + 1) * width) {
                    to.copy_from_slice(from);
                }
            }
        }
        Ok(context)
    }
}

fn product(
    gemm: &GemmExecutor,
    a: Matrix<'_, f32>,
    b: Matrix<'_, f32>,
    alpha: f32,
    to: &mut [f32],
) -> Result<(), EmbedError> {
    let options = GemmOptions {
        alpha,
        ..GemmOptions::default()
    };
    let (a, b) = (GemmInputA::Unpacked(a), GemmInputB::Unpacked(b));
    gemm.gemm(to, a, b, options).map_err(impossible)
}

impl Linear {
    fn apply(&self, gemm: &GemmExecutor, states: &[f32]) -> Result<Vec<f32>, EmbedError> {
        let inputs = self.weight.rows();
        let tokens = states.len() / inputs;
        let mut to = vec![0.0; tokens * self.outputs];
        let options = GemmOptions {
            bias: Some(BiasVector::Row(&self.bias)),
            ..GemmOptions::default()
        };
        let states = NdTensorView::from_data([tokens, inputs], states);
        let (a, b) = (
            GemmInputA::Unpacked(states),
            GemmInputB::Packed(&self.weight),
        );
        gemm.gemm(&mut to, a, b, options).map_err(impossible)?;
        Ok(to)
    }
}

/// Reads layers, whose names it knows.
struct Reader<'a> {
    tensors: &'a Tensors,
    gemm: &'a GemmExecutor,
    eps: f32,
}

impl Reader<'_> {
    fn layer(&self, layer: usize, config: &Config) -> Result<Layer, EmbedError> {
        let hidden = config.sizes.hidden_size;
        let wide = config.sizes.intermediate_size;
        let name = |name: &str| format!("encoder.layer.{layer}.{name}");
        let own = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Ok(Layer {
            inputs: self.linear(&own, hidden, hidden)?,
            attended: self.linear(&[name("attention.output.dense")], hidden, hidden)?,
            attended_normal: self.norm(&name("attention.output.LayerNorm"), hidden)?,
            wide: self.linear(&[name("intermediate.dense")], wide, hidden)?,
            narrow: self.linear(&[name("output.dense")], hidden, wide)?,
            normal: self.norm(&name("output.LayerNorm"), hidden)?,
        })
    }

    /// Matrices of the same inputs, side by side.
    fn linear(
        &self,
        names: &[String],
        outputs: usize,
        inputs: usize,
    ) -> Result<Linear, EmbedError> {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            let own = self
                .tensors
                .values(&format!("{name}.weight"), &[outputs, inputs])?;
            weight.extend(own);
            bias.extend(self.tensors.values(&format!("{name}.bias"), &[outputs])?);
        }
        let outputs = bias.len();
        let matrix = NdTensorView::from_data([outputs, inputs], weight.as_slice());
        Ok(Linear {
            weight: self.gemm.prepack_b(matrix.transposed()),
            bias,
            outputs,
        })
    }

    fn norm(&self, name: &str, size: usize) -> Result<Norm, EmbedError> {
        let values = |part: &str| self.tensors.values(&format!("{name}.{part}"), &[size]);
        Ok(Norm {
            weight: values("weight").or_else(|_| values("gamma"))?,
            bias: values("bias").or_else(|_| values("beta"))?,
            eps: self.eps,
        })
    }
}

impl Norm {
    /// Normalises each of some vectors that stand one after the other.
    fn apply(&self, states: &mut [f32]) {
        let size = self.weight.len();
        for state in states.chunks_exact_mut(size) {
            let mean = Sum::new(state).dispatch() / size as f32;
            let variance = SumSquareSub::new(state, mean).dispatch() / size as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + self.eps).sqrt(),
                element_scale: Some(&self.weight),
                element_bias: Some(&self.bias),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(state, options).dispatch();
        }
    }
}

fn add(to: &mut [f32], from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// All shapes were checked when the model was read.
fn impossible(error: rten_gemm::GemmError) -> EmbedError {
    EmbedError::SelfTest {
        detail: error.to_string(),
    }
}
