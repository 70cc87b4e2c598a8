"""Campaigns: one run over each of many repositories, that can be stopped, resumed and repeated.

    manifest -> lock -> plan -> jobs -> executor -> results -> journal, output directory
                                                            -> publishers (when asked for)

The journal is the truth of what was done; what people see is made from it.
"""
