# SPDX-License-Identifier: Apache-2.0
"""Side-by-side measurements of Prometheus-compatible servers."""
