"""Training recipes for Hybit's sketch nets. They meet the rest of the project only through .onnx files."""
