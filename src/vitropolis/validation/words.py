"""The words of the page of benefits that no number changes, and its sources."""

HEAD = """# Benefit systems beside what was published of them

Written by `python -m vitropolis.validation.benefits > docs/benefits.md`; do not edit by hand.

Three policies of the library are systems in which a machine found debt or fraud with no act behind it. This page is
**validation**: it sets numbers of the model beside observed ones. Whether the code computes what it says is
verification, and not asked here; see [reality.md](reality.md) for when a comparison is fair.

**Read this first.** How often people are compared, and how often that shows a difference though nothing was done, is
assumed (`recording.findings`): so the *number* of findings tests nothing, and rows about it are here to show their
size. What can be tested is what follows from a finding: which share is wrong beside true fraud, who appeals, what
stands. The people are a city like Beijing's lowest income fifth, 15 % of it on benefits; not Michigan's jobless,
Australia's recipients or Dutch parents. Nothing was changed to meet a figure of this page. One published sum is used:
A$721 million for 470,000 debts sets how fast debts of benefits are paid, so nothing about payment is tested."""

TAIL = """A finding is an entry on the list that the policy raises; who is on it already is not entered again. Covered
are the people enrolled at the end. In `childcare-benefits-nl` unpaid contributions stand in for missing papers and are
true where the machine's marks are not, the mark not of Dutch nationality finds nobody (the city has no nationality),
and nobody leaves by payment: the policy's text gives marks no end, so that only an appeal ends a claim. Payment in the
other two is by what is kept from allowances, wages and refunds, whether the debt is owed or not.

## What cannot be set beside anything

* **26,882 findings in a year** in Michigan [mgz], **470,000 debts** in Australia [robo], **about 26,000 parents** in
  the Netherlands [toes]: of how many people who were compared, no source used here says.
* **Children taken into care** (2,090 from 2015 to June 2022 [nlt]): no part of the model.
* **Refunds, repayments, penalties of four times the sum**: the model has no money; a penalty is a price at a counter.
* **Effects by origin** in the Dutch affair: the city has neither nationality nor origin, and takes none."""

_READ = {
    "levin": "press release of Rep. Levin, 2016-12-16, on the agency's review and the auditor's report, "
    "<https://levin.house.gov/press-release/>",
    "govt": "Detroit Free Press via Govtech, <https://govtech.com/health/"
    "michigan-makes-amends-for-falsely-accusing-thousands-of-unemployment-fraud.html>",
    "mgz": "Mining Gazette, 2017-03, "
    "<http://www.mininggazette.com/news/2017/03/state-failed-notification-of-false-fraud-charges/>",
    "robo": "encyclopaedia copy, <https://justapedia.org/wiki/Robodebt>",
    "toes": "encyclopaedia copy, <https://www.wiki3.en-us.nina.az/Netherlands_child_welfare_fraud_scandal.html>",
    "nlt": "NL Times, 2022-11-30, after Statistics Netherlands, <https://nltimes.nl/2022/11/30/"
    "far-children-taken-homes-victims-tax-office-benefits-scandal>",
}
_ROWS = "\n".join(f"| [{name}] | {text} |" for name, text in _READ.items())
SOURCES = f"## Sources\n\n| | source |\n|---|---|\n{_ROWS}\n\nAll were read in part, as reported by others."
