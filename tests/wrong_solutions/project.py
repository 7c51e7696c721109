"""Homework 4, wrong in one place."""

WRONG = []
