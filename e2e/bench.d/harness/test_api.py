# SPDX-License-Identifier: Apache-2.0
"""python3 -m unittest discover -s harness -t ."""

import unittest

from harness.api import differences


def vector(*items):
    return {"resultType": "vector", "result": [{"metric": m, "value": [10, v]} for m, v in items]}


class Differences(unittest.TestCase):
    def test_order_and_spelling_of_numbers_do_not_matter(self):
        a = vector(({"a": "1"}, "0.1"), ({"a": "2"}, "1e3"), ({"a": "3"}, "NaN"))
        b = vector(({"a": "3"}, "NaN"), ({"a": "2"}, "1000"), ({"a": "1"}, "0.10000000000000001"))
        self.assertIsNone(differences(a, b))

    def test_values(self):
        text, worst = differences(vector(({}, "1")), vector(({}, "1.000001")))
        self.assertIn("1 of 1 points", text)
        self.assertAlmostEqual(worst, 1e-6, places=8)
        self.assertIsNone(differences(vector(({}, "1")), vector(({}, "1.0000000000001"))))
        self.assertIsNotNone(differences(vector(({}, "+Inf")), vector(({}, "-Inf"))))

    def test_series_and_points_only_on_one_side(self):
        self.assertIn("series", differences(vector(({"a": "1"}, "1")), vector(({"b": "1"}, "1")))[0])
        a = {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "1"], [2, "1"]]}]}
        b = {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "1"]]}]}
        self.assertIn("1 of 2 points", differences(a, b)[0])

    def test_lists(self):
        self.assertIsNone(differences(["x", "y"], ["y", "x"]))
        self.assertIsNone(differences([{"a": "1", "b": "2"}], [{"b": "2", "a": "1"}]))
        self.assertIsNotNone(differences(["x"], ["y"]))


if __name__ == "__main__":
    unittest.main()
