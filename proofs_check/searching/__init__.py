"""The search for counterexamples and for instances that attain a bound."""
