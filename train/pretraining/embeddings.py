"""Starting values for subword embeddings: vectors from co-occurrence counts instead of noise.

On a CPU, where a run sees tens of millions of subwords, learning from scratch which subwords resemble which takes
most of the run. Counting which stand near which, weighing the counts by positive pointwise mutual information and
factoring the matrix gives nearly the vectors skip-gram would, in minutes and without randomness that matters.
Source: O. Levy, Y. Goldberg, I. Dagan, TACL 2015 (shifted PPMI, context smoothing 0.75, symmetric singular values).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.utils.extmath import randomized_svd

__all__ = ["cooccurrence_vectors"]

_CHUNK = 4_000_000
_CONTEXT_SMOOTHING = 0.75


def cooccurrence_vectors(
    ids: NDArray[np.int32], vocabulary_size: int, dimensions: int, *, reach: int = 4, std: float = 0.02, seed: int = 0
) -> NDArray[np.float32]:
    """Vectors (vocabulary, dimensions) with standard deviation `std` from a stream of subwords (subwords,).

    `reach` is how many subwords to either side count as context, each weighted by one over its distance. A subword
    never seen gets a random vector.
    """
    counts: csr_matrix = csr_matrix((vocabulary_size, vocabulary_size), dtype=np.float32)
    for start in range(0, len(ids), _CHUNK):
        counts = counts + _count(np.asarray(ids[start : start + _CHUNK]), vocabulary_size, reach)
    u, s, _ = randomized_svd(_positive_pmi(counts), dimensions, random_state=seed)
    vectors: NDArray[np.float32] = (u * np.sqrt(s)).astype(np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unseen = norms[:, 0] < 1e-6
    vectors = vectors / np.maximum(norms, 1e-6)
    vectors[unseen] = np.random.default_rng(seed).normal(size=(int(unseen.sum()), dimensions)) / np.sqrt(dimensions)
    vectors -= vectors.mean(axis=0)
    scaled: NDArray[np.float32] = (vectors * (std / vectors.std())).astype(np.float32)
    return scaled


def _count(ids: NDArray[np.int32], size: int, reach: int) -> csr_matrix:
    total: csr_matrix = csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, reach + 1):
        left, right = ids[:-distance], ids[distance:]
        weight = np.full(len(left), 1.0 / distance, dtype=np.float32)
        total = total + coo_matrix((weight, (left, right)), shape=(size, size)).tocsr()
    return total + total.T


def _positive_pmi(counts: csr_matrix) -> csr_matrix:
    rows = np.asarray(counts.sum(axis=1)).ravel()
    context = np.power(rows, _CONTEXT_SMOOTHING)
    context /= context.sum()
    entries = counts.tocoo()
    pmi = np.log(entries.data / (rows[entries.row] * context[entries.col]))
    keep = pmi > 0
    return csr_matrix((pmi[keep].astype(np.float32), (entries.row[keep], entries.col[keep])), shape=counts.shape)
