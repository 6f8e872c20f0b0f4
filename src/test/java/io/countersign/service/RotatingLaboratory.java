package io.countersign.service;

/** A laboratory of its own, whose signing keys tests change. */
public class RotatingLaboratory extends Laboratory {}
