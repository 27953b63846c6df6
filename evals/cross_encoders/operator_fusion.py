"""Fused graphs: a quantised BERT cross-encoder in onnxruntime's operators for attention and 8-bit products.

A graph as it is exported has some forty operators a layer, and what they hand to one another takes as long as their
products. Here attention is one operator, its three projections one product; the last layer computes the state of the
first word piece alone, from which the score is made. On one processor a pair takes .7 of the time.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_CONTRIBUTED = "com.microsoft"  # the domain of onnxruntime's own operators
_EMBEDDINGS = "transformer.bert.embeddings"
_WEIGHTS = ("_quantized", "_scale", "_zero_point")


class FusedGraph:
    """A quantised graph of ``evals.cross_encoders.export``, written anew.

    One text or pair is scored at a time: there is no padding, hence no mask among its inputs.

    Args:
        quantized: The graph of a trained BERT sequence classifier, as ``quantize_dynamic`` writes it; of
            weights that are equal, such as biases before any training, torch exports one.
        heads: The attention heads of its layers.
    """

    def __init__(self, quantized: Path, heads: int) -> None:
        graph = onnx.load(quantized).graph
        self._values = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
        self._products = {each.name: each.input[1] for each in graph.node if each.op_type == "MatMulInteger"}
        normal = next(each for each in graph.node if each.op_type == "LayerNormalization")
        self._epsilon = next(each.f for each in normal.attribute if each.name == "epsilon")
        self._heads = heads
        self._layers = 1 + max(int(each) for each in re.findall(r"/encoder/layer\.(\d+)/", " ".join(self._products)))
        self._nodes: list[Any] = []
        self._initializers: dict[str, Any] = {}

    def save(self, path: Path) -> None:
        """Write it."""
        states = self._embedded()
        for number in range(self._layers):
            states = self._layer(number, states, last=number == self._layers - 1)
        first = self._node("Gather", [states, self._constant("first", np.array(0))], "cls", axis=1)
        pooled = self._product(first, "pooler/dense", "transformer.bert.pooler.dense")
        score = self._product(self._node("Tanh", [pooled], "pooled"), "/classifier/", "transformer.classifier")
        scores = len(self._values["transformer.classifier.bias"])
        if scores == 1:
            self._node("Gather", [score, "first"], "score", axis=1)
        else:
            self._node("Identity", [score], "score")
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "token"])
            for name in ("input_ids", "token_type_ids")
        ]
        shape: list[str | int] = ["batch"] if scores == 1 else ["batch", scores]
        output = helper.make_tensor_value_info("score", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self._nodes, "cross-encoder", inputs, [output], list(self._initializers.values()))
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIBUTED, 1)]
        model = helper.make_model(graph, opset_imports=opsets)
        model.ir_version = 8
        onnx.save(model, path)

    def _embedded(self) -> str:
        """Add the sum of the embeddings of word pieces, their texts and places; return its name."""
        start = self._constant("start", np.array([0]))
        summed = self._node(
            "Add", [self._rows("word", "input_ids"), self._rows("token_type", "token_type_ids")], "both"
        )
        length = self._node("Shape", ["input_ids"], "length", start=1, end=2)
        places = self._dequantized(
            "position", lambda table: self._node("Slice", [table, start, length, start], "places_quantized")
        )
        return self._normal(self._node("Add", [summed, places], "embedded"), f"{_EMBEDDINGS}.LayerNorm", "states_0")

    def _rows(self, table: str, chosen: str) -> str:
        return self._dequantized(table, lambda rows: self._node("Gather", [rows, chosen], f"{table}_quantized"))

    def _dequantized(self, table: str, chosen: Any) -> str:
        rows, scale, zero = (self._value(f"{_EMBEDDINGS}.{table}_embeddings.weight{each}") for each in _WEIGHTS)
        return self._node("DequantizeLinear", [chosen(rows), scale, zero], table)

    def _layer(self, number: int, states: str, *, last: bool) -> str:
        """Add a layer over ``states``; of the last one, only the first word piece. Return the name of its states."""
        names = f"transformer.bert.encoder.layer.{number}"
        nodes = f"/encoder/layer.{number}"
        attention = self._first_attention if last else self._attention
        attended, states = attention(number, states)
        attended = self._product(attended, f"{nodes}/attention/output/dense/", f"{names}.attention.output.dense")
        states = self._normal(
            self._node("Add", [attended, states], f"attended_{number}"),
            f"{names}.attention.output.LayerNorm",
            f"attended_states_{number}",
        )
        wide = self._product(states, f"{nodes}/intermediate/dense/", f"{names}.intermediate.dense")
        wide = self._node("Gelu", [wide], f"wide_{number}", _CONTRIBUTED)
        narrow = self._product(wide, f"{nodes}/output/dense/", f"{names}.output.dense")
        summed = self._node("Add", [narrow, states], f"summed_{number}")
        return self._normal(summed, f"{names}.output.LayerNorm", f"states_{number + 1}")

    def _attention(self, number: int, states: str) -> tuple[str, str]:
        """Add attention of all word pieces to all; return its name and ``states``."""
        quantized, scale, zero = self._quantized(number, states)
        parts = [self._projection(number, each) for each in ("query", "key", "value")]
        weights, weight_scale, weight_zero, bias = (
            self._constant(f"projections_{number}_{name}", np.concatenate(each, axis=-1))
            for name, each in zip(("weights", "scale", "zero", "bias"), zip(*parts, strict=True), strict=True)
        )
        given = [quantized, weights, bias, scale, weight_scale, "", zero, weight_zero]
        return self._node("QAttention", given, f"attention_{number}", _CONTRIBUTED, num_heads=self._heads), states

    def _first_attention(self, number: int, states: str) -> tuple[str, str]:
        """Add attention of the first word piece to all; return its name, and that of the first state."""
        quantized, scale, zero = self._quantized(number, states)
        one, start = self._constant("one", np.array([1])), "start"
        first = self._node("Slice", [quantized, start, one, one], "first_quantized")
        projected = []
        for each in ("query", "key", "value"):
            weights, weight_scale, weight_zero, bias = (
                self._constant(f"{each}_{name}", value)
                for name, value in zip(
                    ("weights", "scale", "zero", "bias"), self._projection(number, each), strict=True
                )
            )
            given = [first if each == "query" else quantized, weights, scale, weight_scale, zero, weight_zero, bias]
            projected.append(self._node("MatMulIntegerToFloat", given, each, _CONTRIBUTED))
        found = self._node("MultiHeadAttention", projected, f"attention_{number}", _CONTRIBUTED, num_heads=self._heads)
        return found, self._node("Slice", [states, start, one, one], "first_state")

    def _quantized(self, number: int, states: str) -> tuple[str, str, str]:
        names = tuple(f"{each}_{number}" for each in ("quantized", "scale", "zero"))
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [states], list(names), name=names[0]))
        return names[0], names[1], names[2]

    def _projection(self, number: int, part: str) -> tuple[NDArray[Any], ...]:
        """Return the weights of a projection of attention, their scales and zero points, and its bias."""
        weights = self._weights(f"/encoder/layer.{number}/attention/self/{part}/")
        bias = f"transformer.bert.encoder.layer.{number}.attention.self.{part}.bias"
        return (*(self._values[each] for each in weights), self._values[bias])

    def _weights(self, node: str) -> tuple[str, str, str]:
        """Return the names of the weights, scales and zero points of the product whose node's name has ``node``."""
        stem = next(given for name, given in self._products.items() if node in name).removesuffix(_WEIGHTS[0])
        return f"{stem}{_WEIGHTS[0]}", f"{stem}{_WEIGHTS[1]}", f"{stem}{_WEIGHTS[2]}"

    def _product(self, states: str, node: str, layer: str) -> str:
        given = [states, *map(self._value, self._weights(node)), self._value(f"{layer}.bias")]
        return self._node("DynamicQuantizeMatMul", given, f"{layer}.product", _CONTRIBUTED)

    def _normal(self, states: str, layer: str, name: str) -> str:
        given = [states, self._value(f"{layer}.weight"), self._value(f"{layer}.bias")]
        return self._node("LayerNormalization", given, name, axis=-1, epsilon=self._epsilon)

    def _value(self, name: str) -> str:
        return self._constant(name, self._values[name])

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._initializers[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def _node(self, operator: str, given: list[str], name: str, domain: str = "", **attributes: Any) -> str:
        self._nodes.append(helper.make_node(operator, given, [name], name=name, domain=domain, **attributes))
        return name
