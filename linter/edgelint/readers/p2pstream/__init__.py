"""What stands in a p2pstream configuration, in whichever form it was exported: plain values in, policy out."""
