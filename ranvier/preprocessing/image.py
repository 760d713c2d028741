"""A face: what Keras has at `keras.preprocessing.image`."""
