"""Homework 3, wrong in one place."""

WRONG = []
