"""Homework 2, wrong in one place."""

WRONG = []
