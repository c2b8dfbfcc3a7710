"""A model folder's ONNX graphs: built over the weights that lie there, checked, quantised, measured."""
